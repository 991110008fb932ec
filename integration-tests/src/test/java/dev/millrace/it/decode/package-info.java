/** Decoding on real servers: schemas that change, and a registry that is away. */
@NullMarked
package dev.millrace.it.decode;

import org.jspecify.annotations.NullMarked;
