/** The simulator against a real broker. */
@NullMarked
package dev.millrace.it.simulation;

import org.jspecify.annotations.NullMarked;
