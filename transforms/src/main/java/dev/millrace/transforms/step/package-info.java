/**
 * Stages that look at events and keep no state. An {@link dev.millrace.transforms.step.EventStage}
 * is a transform like any other; its {@link dev.millrace.transforms.step.EventStep} is the same
 * work without Beam, so that a neighbour can do it in passing: every step of its own costs an event
 * half a microsecond and a copy.
 */
@NullMarked
package dev.millrace.transforms.step;

import org.jspecify.annotations.NullMarked;
