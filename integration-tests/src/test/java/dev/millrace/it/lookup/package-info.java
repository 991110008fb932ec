/** Lookups in real servers, which come and go while a pipeline runs. */
@NullMarked
package dev.millrace.it.lookup;

import org.jspecify.annotations.NullMarked;
