/** Jobs on a Flink cluster that are stopped, changed, and go on where they were. */
@NullMarked
package dev.millrace.it.upgrade;

import org.jspecify.annotations.NullMarked;
