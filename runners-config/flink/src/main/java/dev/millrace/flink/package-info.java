/** What Flink runs in the place of a Beam step, where that costs less and does the same. */
@NullMarked
package dev.millrace.flink;

import org.jspecify.annotations.NullMarked;
