package dev.millrace.benchmark.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.benchmark.decode.Dataset.Source;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every contestant runs, and those that are compared make the same of the same bytes. */
class AgreementTest {

  @ParameterizedTest
  @EnumSource
  void every_contestant_that_makes_rows_makes_the_same(Source source) throws Exception {
    assumeTrue(source.absent().isEmpty(), () -> "skipped: " + source.absent());
    Dataset data = source.load();
    assertThat(Agreement.check(data, Format.AVRO)).isEqualTo(512);
    assertThat(Agreement.check(data, Format.AVRO_OLDER_WRITER)).isEqualTo(512);
    assertThat(Agreement.check(data, Format.JSON)).isEqualTo(512);
  }

  @ParameterizedTest
  @EnumSource
  void our_row_is_the_same_from_every_format(Source source) throws Exception {
    assumeTrue(source.absent().isEmpty(), () -> "skipped: " + source.absent());
    Dataset data = source.load();
    Contestant avro = Contestant.of("avro/millrace-row");
    for (Contestant contestant : Contestant.all()) {
      if (contestant.name().equals("millrace-row")
          && contestant.format() != Format.AVRO_OLDER_WRITER) {
        assertThat(first(contestant, data)).as(contestant.id()).isEqualTo(first(avro, data));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_contestant_reads_every_payload(Source source) throws Exception {
    assumeTrue(source.absent().isEmpty(), () -> "skipped: " + source.absent());
    Dataset data = source.load();
    for (Contestant contestant : Contestant.all()) {
      Set<String> ids = new HashSet<>();
      Contestant.Decoding decoding = contestant.open(data);
      for (RawRecord payload : contestant.format().payloads(data)) {
        Object decoded = decoding.decode(payload);
        ids.add(decoded instanceof Event event ? event.id() : decoded.toString());
      }
      assertThat(ids).as(contestant.id()).hasSize(Dataset.RECORDS);
    }
  }

  private static Object first(Contestant contestant, Dataset data) throws Exception {
    List<RawRecord> payloads = contestant.format().payloads(data);
    List<Object> values = ((Row) contestant.open(data).decode(payloads.get(0))).getValues();
    // A protobuf Timestamp is exact to the microsecond, and so another class.
    return values.stream()
        .map(
            v ->
                v instanceof java.time.Instant time ? Instant.ofEpochMilli(time.toEpochMilli()) : v)
        .toList();
  }
}
