package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.CONTRACT;
import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.SCHEMA;
import static dev.millrace.transforms.decode.Transactions.avro;
import static dev.millrace.transforms.decode.Transactions.full;
import static dev.millrace.transforms.decode.Transactions.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.RawRecordCoder;
import dev.millrace.transforms.telemetry.StageCounter;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class AwaitSchemasTest {

  private static final int KNOWN = 1;
  private static final int LATER = 2;
  private static final org.joda.time.Duration LONG = org.joda.time.Duration.standardHours(1);

  /** Written by the schema of this id, the {@code position}-th record of its partition. */
  private static TimestampedValue<RawRecord> record(int schemaId, int partition, long position) {
    Instant at = Instant.ofEpochMilli(NOON + position * 1_000);
    byte[] payload = join(AvroFrame.confluent(schemaId), avro(full()));
    Origin origin = new Origin("kafka", "payments", partition, position);
    return TimestampedValue.of(new RawRecord(origin, at.getMillis(), null, payload), at);
  }

  private static ScriptedSchemas schemas(String name, int away) {
    Map<Integer, String> byId = Map.of(KNOWN, SCHEMA.toString(), LATER, SCHEMA.toString());
    return new ScriptedSchemas(name, byId, LATER, away);
  }

  private static Decode decode(ScriptedSchemas schemas) {
    return Decode.by(AvroFormat.of(CONTRACT).framedBy(schemas));
  }

  /** Notes events in the order in which they come, by test: the runner copies its functions. */
  private static final Map<String, Queue<String>> SEEN = new ConcurrentHashMap<>();

  static final class See extends DoFn<Event, Void> {
    private final String test;

    See(String test) {
      this.test = test;
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant at) {
      seen(test).add("%s at %d".formatted(event.origin(), at.getMillis() - NOON));
    }
  }

  private static Queue<String> seen(String test) {
    return SEEN.computeIfAbsent(test, unseen -> new ConcurrentLinkedQueue<>());
  }

  private static PCollection<String> shown(PCollection<DeadLetter> deadLetters) {
    return deadLetters.apply(
        "Show dead letters",
        MapElements.into(TypeDescriptors.strings()).via(d -> d.origin() + " " + d.reason()));
  }

  @Test
  void records_wait_for_their_schema_while_others_go_on_and_keep_time_and_order(
      TestPipeline pipeline) {
    TestStream<RawRecord> stream =
        TestStream.create(RawRecordCoder.of())
            .addElements(record(LATER, 0, 1), record(LATER, 0, 3))
            .addElements(record(KNOWN, 0, 2))
            .advanceProcessingTime(LONG)
            .addElements(record(LATER, 0, 0))
            .advanceProcessingTime(LONG)
            .addElements(record(KNOWN, 0, 4))
            .advanceProcessingTime(LONG)
            .addElements(record(LATER, 0, 5))
            .advanceWatermarkToInfinity();
    // Away for the two records, the timer, the third record, the timer; then it answers.
    StageResult<Event> decoded = pipeline.apply(stream).apply(decode(schemas("passing", 5)));
    decoded.output().apply("See", ParDo.of(new See("passing")));
    PAssert.that(decoded.deadLetters()).empty();
    pipeline.run();
    assertThat(seen("passing"))
        .containsExactly(
            "kafka:payments/0@2 at 2000",
            "kafka:payments/0@4 at 4000",
            "kafka:payments/0@1 at 1000",
            "kafka:payments/0@3 at 3000",
            "kafka:payments/0@0 at 0",
            "kafka:payments/0@5 at 5000");
  }

  @Test
  void records_that_wait_hold_the_watermark_so_that_none_is_late_afterwards(TestPipeline pipeline) {
    TestStream<RawRecord> stream =
        TestStream.create(RawRecordCoder.of())
            .addElements(record(LATER, 0, 61), record(LATER, 0, 1), record(KNOWN, 0, 2))
            .advanceWatermarkTo(Instant.ofEpochMilli(NOON).plus(LONG))
            .advanceProcessingTime(LONG)
            .advanceProcessingTime(LONG)
            .advanceWatermarkToInfinity();
    PCollection<Long> perMinute =
        pipeline
            .apply(stream)
            .apply(decode(schemas("watermark", 3)))
            .output()
            .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
            .apply(Combine.globally(Count.<Event>combineFn()).withoutDefaults());
    PAssert.that(perMinute).containsInAnyOrder(2L, 1L);
    pipeline.run();
  }

  @Test
  void records_of_a_schema_that_turns_out_not_to_exist_become_dead_letters(TestPipeline pipeline) {
    TestStream<RawRecord> stream =
        TestStream.create(RawRecordCoder.of())
            .addElements(record(3, 0, 1), record(3, 1, 2))
            .advanceProcessingTime(LONG)
            .advanceProcessingTime(LONG)
            .advanceWatermarkToInfinity();
    ScriptedSchemas schemas = new ScriptedSchemas("none such", Map.of(), 3, 4);
    StageResult<Event> decoded = pipeline.apply(stream).apply(decode(schemas));
    PAssert.that(decoded.output()).empty();
    PAssert.that(shown(decoded.deadLetters()))
        .containsInAnyOrder(
            "kafka:payments/0@1 UNKNOWN_SCHEMA", "kafka:payments/1@2 UNKNOWN_SCHEMA");
    pipeline.run();
    assertThat(StageCounter.inThisJvm()).containsKeys("waiting", "waited");
  }

  @Test
  void stream_stands_still_where_more_waits_than_state_may_hold(TestPipeline pipeline) {
    TestStream<RawRecord> stream =
        TestStream.create(RawRecordCoder.of())
            .addElements(record(LATER, 0, 1))
            .addElements(record(LATER, 0, 2))
            .advanceWatermarkToInfinity();
    Decode impatient =
        decode(schemas("full", 1_000)).withMostWaitingBytes(10).withPatience(Duration.ofMillis(1));
    pipeline.apply(stream).apply(impatient);
    assertThatThrownBy(pipeline::run).hasStackTraceContaining("schema id 2: full is away");
  }

  private static PCollection<RawRecord> bounded(TestPipeline pipeline) {
    return pipeline.apply(
        Create.timestamped(record(LATER, 0, 1), record(KNOWN, 0, 2))
            .withCoder(RawRecordCoder.of()));
  }

  @Test
  void bounded_input_stands_still_until_its_schemas_can_be_had(TestPipeline pipeline) {
    StageResult<Event> decoded = bounded(pipeline).apply(decode(schemas("bounded", 1)));
    decoded.output().apply("See", ParDo.of(new See("bounded")));
    pipeline.run();
    assertThat(seen("bounded"))
        .containsExactlyInAnyOrder("kafka:payments/0@1 at 1000", "kafka:payments/0@2 at 2000");
  }

  @Test
  void bounded_input_fails_when_patience_is_over(TestPipeline pipeline) {
    bounded(pipeline).apply(decode(schemas("lasting", 1_000)).withPatience(Duration.ofMillis(1)));
    assertThatThrownBy(pipeline::run).hasStackTraceContaining("lasting is away");
  }

  @Test
  void what_is_known_of_a_queue_is_written_and_read_again() throws Exception {
    WaitingQueue queue = WaitingQueue.startingAt(1_000).with(7, 10).with(5, 20).askedAt(2_000);
    assertThat(queue).isEqualTo(new WaitingQueue(1_000, 2_200, 200, 5, 30));
    assertThat(CoderUtils.clone(WaitingQueue.Coder.of(), queue)).isEqualTo(queue);
    for (int i = 0; i < 9; i++) {
      queue = queue.askedAt(0);
    }
    assertThat(queue.due()).isEqualTo(2_000);
  }
}
