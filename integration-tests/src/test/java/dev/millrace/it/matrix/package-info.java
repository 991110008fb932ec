/** Every format in every frame, written by encoders that are not ours, over a real broker. */
@NullMarked
package dev.millrace.it.matrix;

import org.jspecify.annotations.NullMarked;
