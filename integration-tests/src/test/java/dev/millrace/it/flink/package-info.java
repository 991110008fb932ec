/**
 * The files of {@code runners-config/flink}, held to Flink itself: to the settings that it knows,
 * and to a cluster that runs with them.
 */
@NullMarked
package dev.millrace.it.flink;

import org.jspecify.annotations.NullMarked;
