/** Payloads that nobody meant, by the million, in little memory. */
@NullMarked
package dev.millrace.it.fuzz;

import org.jspecify.annotations.NullMarked;
