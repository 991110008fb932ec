/**
 * What can be done about dead letters: {@link dev.millrace.pipelines.deadletters.DeadLetters} reads
 * those of a pipeline, {@link dev.millrace.pipelines.deadletters.Replay} sends them through it
 * again.
 */
@NullMarked
package dev.millrace.pipelines.deadletters;

import org.jspecify.annotations.NullMarked;
