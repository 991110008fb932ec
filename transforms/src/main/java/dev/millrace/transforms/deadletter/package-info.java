/**
 * What a stage cannot handle: one {@link dev.millrace.transforms.deadletter.DeadLetter} with its
 * {@link dev.millrace.transforms.deadletter.Reason}, its origin and the bytes needed to try again.
 * Every stage returns a {@link dev.millrace.transforms.deadletter.StageResult}; {@link
 * dev.millrace.transforms.deadletter.WriteDeadLetters} is the one place that writes them.
 */
@NullMarked
package dev.millrace.transforms.deadletter;

import org.jspecify.annotations.NullMarked;
