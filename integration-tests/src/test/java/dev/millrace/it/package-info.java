/** The pipeline on real servers and runners, and against published figures. */
@NullMarked
package dev.millrace.it;

import org.jspecify.annotations.NullMarked;
