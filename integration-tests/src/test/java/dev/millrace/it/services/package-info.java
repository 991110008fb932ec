/** The servers that the demo and the other integration tests stand on. */
@NullMarked
package dev.millrace.it.services;

import org.jspecify.annotations.NullMarked;
