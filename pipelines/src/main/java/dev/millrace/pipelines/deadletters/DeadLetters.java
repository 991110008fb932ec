package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetter;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** What a pipeline could not handle, where it writes that to. */
public interface DeadLetters {

  /**
   * Gives {@code reader} each dead letter that is there now, and no later one.
   *
   * @throws IllegalArgumentException when where they are cannot be reached, or is not there
   * @throws IOException naming the place of a record that is no dead letter
   */
  void read(Consumer<DeadLetter> reader) throws IOException;

  /**
   * Those of a pipeline.
   *
   * @throws SpecException when it keeps none, or where they cannot be read back from
   */
  static DeadLetters of(PipelineSpec spec) {
    Optional<SinkSpec.Kafka> topic = spec.deadLetterTopic();
    if (topic.isPresent()) {
      return new DeadLetterTopic(topic.get());
    }
    if (spec.deadLetters() instanceof SinkSpec.Files files && files.isAvro()) {
      return new DeadLetterFiles(files);
    }
    SinkSpec sink = spec.deadLetters();
    String found = sink == null ? "none" : sink.word();
    found = sink instanceof SinkSpec.Files ? found + " of JSON" : found;
    throw new SpecException(
        spec.place("deadLetters"),
        "found %s, expected a Kafka topic, an event hub, or Avro files of dead letters"
            .formatted(found));
  }
}
