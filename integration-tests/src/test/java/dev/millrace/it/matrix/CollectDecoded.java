package dev.millrace.it.matrix;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.decode.Decode;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.ReadKafka;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/** Reads a topic and decodes it on the Direct runner, until so many records came to an end. */
final class CollectDecoded {

  private static final Map<String, Queue<String>> FOUND = new ConcurrentHashMap<>();
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private CollectDecoded() {}

  /** What became of each record, sorted. */
  static List<String> from(String bootstrapServers, String topic, RecordFormat format, int records)
      throws IOException, InterruptedException {
    Queue<String> found = new ConcurrentLinkedQueue<>();
    FOUND.put(topic, found);
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--blockOnRun=false")
                .create());
    StageResult<Event> decoded =
        pipeline
            .apply("Read", ReadKafka.from(bootstrapServers, topic))
            .apply("Decode", Decode.by(format));
    decoded.output().apply("Events", ParDo.of(new Show(topic)));
    decoded.deadLetters().apply("Dead letters", ParDo.of(new ShowDeadLetter(topic)));
    PipelineResult running = pipeline.run();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (found.size() < records && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    running.cancel();
    return found.stream().sorted().toList();
  }

  private static void add(String topic, String shown) {
    FOUND.getOrDefault(topic, new ConcurrentLinkedQueue<>()).add(shown);
  }

  static final class Show extends DoFn<Event, String> {
    private final String topic;

    Show(String topic) {
      this.topic = topic;
    }

    @ProcessElement
    public void show(@Element Event event) {
      add(
          topic,
          Stream.of("id", "at", "amount", "items", "channel", "note", "tags", "merchant.city")
              .map(name -> text(event.layout().column(name), event))
              .collect(Collectors.joining(" ")));
    }

    private static String text(Column column, Event event) {
      return column.name().equals("at")
          ? Long.toString(column.getMillis(event))
          : column.text(event);
    }
  }

  static final class ShowDeadLetter extends DoFn<DeadLetter, String> {
    private final String topic;

    ShowDeadLetter(String topic) {
      this.topic = topic;
    }

    @ProcessElement
    public void show(@Element DeadLetter letter) {
      add(topic, "dead letter " + letter.reason() + " " + letter.message());
    }
  }
}
