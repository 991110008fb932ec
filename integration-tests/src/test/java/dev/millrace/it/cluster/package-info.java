/** Jobs on a Flink cluster of separate JVMs: submitted, stopped, changed, and going on. */
@NullMarked
package dev.millrace.it.cluster;

import org.jspecify.annotations.NullMarked;
