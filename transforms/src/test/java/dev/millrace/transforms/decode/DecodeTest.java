package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.CONTRACT;
import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.avro;
import static dev.millrace.transforms.decode.Transactions.full;
import static dev.millrace.transforms.decode.Transactions.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.RawRecordCoder;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class DecodeTest {

  private static RawRecord line(long number, byte[] payload) {
    return new RawRecord(
        new Origin("files", "a", 0, number), RawRecord.NO_TIMESTAMP, null, payload);
  }

  @Test
  void records_become_events_or_dead_letters_and_are_counted(TestPipeline pipeline) {
    Instant kafkaTime = Instant.ofEpochMilli(NOON + 5_000);
    StageResult<Event> decoded =
        pipeline
            .apply(
                Create.timestamped(
                        TimestampedValue.of(raw(avro(full())), kafkaTime),
                        TimestampedValue.of(line(2, avro(full())), Instant.ofEpochMilli(0)),
                        TimestampedValue.of(line(3, new byte[0]), kafkaTime),
                        TimestampedValue.of(line(4, "garbage".getBytes(UTF_8)), kafkaTime),
                        TimestampedValue.of(
                            line(5, "what there was".getBytes(UTF_8))
                                .withFault(new RawRecord.Fault(Reason.MALFORMED, "found damage")),
                            kafkaTime))
                    .withCoder(RawRecordCoder.of()))
            .apply(Decode.by(AvroFormat.of(CONTRACT)));
    PAssert.that(
            decoded
                .output()
                .apply(Reify.timestamps())
                .apply(
                    "Show events",
                    MapElements.into(TypeDescriptors.strings())
                        .via(e -> e.getValue().origin() + " " + e.getTimestamp().getMillis())))
        .containsInAnyOrder(
            "kafka:card.transactions/2@17 " + (NOON + 5_000), "files:a/0@2 " + NOON);
    PAssert.that(
            decoded
                .deadLetters()
                .apply(
                    "Show dead letters",
                    MapElements.into(TypeDescriptors.strings())
                        .via(d -> d.origin() + " " + d.reason() + " " + d.payload().length)))
        .containsInAnyOrder(
            "files:a/0@3 EMPTY 0", "files:a/0@4 MALFORMED 7", "files:a/0@5 MALFORMED 14");
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(counters(result))
        .isEqualTo(
            new TreeMap<>(
                Map.of("decoded", 2L, "dead_letters_EMPTY", 1L, "dead_letters_MALFORMED", 2L)));
  }

  private static Map<String, Long> counters(PipelineResult result) {
    Map<String, Long> counters = new TreeMap<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder().addNameFilter(MetricNameFilter.inNamespace("decode")).build())
        .getCounters()
        .forEach(
            counter ->
                counters.merge(counter.getName().getName(), counter.getAttempted(), Long::sum));
    return counters;
  }

  @Test
  void payload_is_cut_in_its_dead_letter_only_where_kafka_could_not_take_it() {
    byte[] fits = new byte[900_000];
    DeadLetter whole =
        Decoding.deadLetter(raw(fits), new UndecodableException(Reason.MALFORMED, "bad"));
    assertThat(whole.payload()).isEqualTo(fits);
    assertThat(whole.message()).isEqualTo("bad");
    DeadLetter cut =
        Decoding.deadLetter(
            raw(new byte[10 << 20]), new UndecodableException(Reason.TOO_LARGE, "big"));
    assertThat(cut.payload()).hasSize(900_000);
    assertThat(cut.message())
        .isEqualTo("big; only the first 900000 of 10485760 bytes are kept here");
  }
}
