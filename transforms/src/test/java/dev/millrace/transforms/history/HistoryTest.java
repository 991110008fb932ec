package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class HistoryTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder()
              .addStringField("id")
              .addNullableStringField("user")
              .addDoubleField("amount")
              .build());
  private static final EventCoder CODER = EventCoder.of(LAYOUT);

  /** Minutes make the time, and the id too. */
  private static TimestampedValue<Event> event(String user, int minute, int position) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    String id = user + minute;
    builder.setString(LAYOUT.column("id"), id);
    if (!user.equals("nobody")) {
      builder.setString(LAYOUT.column("user"), user);
    }
    builder.setDouble(LAYOUT.column("amount"), minute);
    long time = minute * 60_000L;
    return TimestampedValue.of(
        builder.build(id, time, new Origin("test", "", 0, position)), Instant.ofEpochMilli(time));
  }

  private static History history() {
    return History.of("user", List.of(Feature.count("count_1h", Duration.ofHours(1))))
        .deduplicatingWithin(Duration.ofHours(2))
        .withAllowedLateness(Duration.ofHours(2));
  }

  private static void expectCounts(PCollection<Event> events, Map<String, Long> expected) {
    PAssert.that(events)
        .satisfies(
            all -> {
              Map<String, Long> found = new TreeMap<>();
              for (Event event : all) {
                found.put(event.id(), event.layout().column("count_1h").getLong(event));
              }
              assertThat(found).isEqualTo(new TreeMap<>(expected));
              return null;
            });
  }

  @Test
  void a_stream_is_processed_as_it_arrives(TestPipeline pipeline) {
    TestStream<Event> stream =
        TestStream.create(CODER)
            .addElements(event("ann", 10, 1), event("ann", 30, 2))
            .addElements(event("ann", 20, 3), event("ann", 30, 4)) // late, and a repeat
            .addElements(event("bob", 40, 5), event("ann", 200, 6))
            .addElements(event("ann", 40, 7)) // two hours and forty minutes late
            .addElements(event("nobody", 1, 8))
            .advanceWatermarkToInfinity();
    StageResult<Event> result = pipeline.apply(stream).apply(history());

    expectCounts(
        result.output(), Map.of("ann10", 1L, "ann30", 2L, "ann20", 2L, "bob40", 1L, "ann200", 1L));
    PAssert.that(result.deadLetters())
        .satisfies(
            letters -> {
              Map<String, String> found = new TreeMap<>();
              for (DeadLetter letter : letters) {
                found.put(String.valueOf(letter.eventId()), letter.reason() + letter.message());
              }
              assertThat(found)
                  .containsOnlyKeys("ann40", "nobody1")
                  .containsEntry(
                      "ann40",
                      "LATEfound an event PT2H40M behind the newest of its key, expected at most PT2H")
                  .containsEntry(
                      "nobody1", "INVALIDuser: found null, expected the key of a history");
              return null;
            });
    pipeline.run();
  }

  @Test
  void a_bounded_input_is_processed_in_time_order_and_within_one_time_in_the_sources(
      TestPipeline pipeline) {
    PCollection<Event> events =
        pipeline.apply(
            Create.timestamped(
                    event("ann", 30, 3), event("ann", 10, 1), event("ann", 20, 2), twin(30, 2))
                .withCoder(CODER));
    expectCounts(
        events.apply(history()).output(),
        Map.of("ann10", 1L, "ann20", 2L, "twin30", 3L, "ann30", 4L));
    pipeline.run();
  }

  /** Another of ann's, at the same time as one of hers but earlier in the source. */
  private static TimestampedValue<Event> twin(int minute, int position) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("id"), "twin" + minute);
    builder.setString(LAYOUT.column("user"), "ann");
    builder.setDouble(LAYOUT.column("amount"), minute);
    long time = minute * 60_000L;
    return TimestampedValue.of(
        builder.build("twin" + minute, time, new Origin("test", "", 0, position)),
        Instant.ofEpochMilli(time));
  }

  @Test
  void lateness_beyond_deduplication_is_refused() {
    PCollection<Event> events = Pipeline.create().apply(Create.empty(CODER));
    assertThatThrownBy(
            () -> events.apply("too late", history().withAllowedLateness(Duration.ofHours(3))))
        .hasMessageContaining(
            "allowedLateness: found PT3H, expected at most deduplicateWithin, PT2H");
  }

  @Test
  void a_key_of_bytes_is_refused() {
    EventLayout layout = EventLayout.of(Schema.builder().addByteArrayField("token").build());
    assertThatThrownBy(() -> new HistoryKey(layout.column("token"), Feature.Source.EVENTS))
        .hasMessage(
            "key 'token': found BYTES, expected text, a number, a boolean, an enum or a time");
  }

  @Test
  void a_cap_of_one_tile_is_refused() {
    assertThatThrownBy(() -> history().withCap(1)).hasMessage("cap: found 1, expected 2 or more");
  }
}
