/** A payments pipeline on real servers: its producers, and what comes out of it. */
@NullMarked
package dev.millrace.it.payments;

import org.jspecify.annotations.NullMarked;
