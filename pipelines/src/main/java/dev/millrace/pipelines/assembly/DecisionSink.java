package dev.millrace.pipelines.assembly;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.EventStage;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** How a sink takes decisions. */
sealed interface DecisionSink {

  /** In the bundles of whoever decides. */
  record InPassing(EventStage stage) implements DecisionSink {}

  /** By steps of its own. */
  record Apart(PTransform<PCollection<Event>, PCollection<DeadLetter>> steps)
      implements DecisionSink {}

  /** By steps of its own that take every decision. */
  record All(PTransform<PCollection<Event>, PDone> steps) implements DecisionSink {}
}
