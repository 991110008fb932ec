package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.junit.jupiter.api.Test;

class ReadPubsubTest {

  private static final String PATH = "projects/bank/subscriptions/payments";
  private static final long NOW = 1_750_000_000_000L;

  @Test
  void a_message_is_a_record_with_all_that_it_has() {
    RawRecord record =
        record(new PubsubMessage("p-1".getBytes(UTF_8), Map.of("at", "9"), "m-7", "customer-3"));
    assertThat(record.origin()).hasToString("pubsub:" + PATH + "/0@m-7.0");
    assertThat(record.timestamp()).isEqualTo(NOW);
    assertThat(record.key()).isEqualTo("customer-3".getBytes(UTF_8));
    assertThat(record.payload()).isEqualTo("p-1".getBytes(UTF_8));
    assertThat(record.attribute("at")).isEqualTo("9".getBytes(UTF_8));
  }

  @Test
  void a_message_without_an_ordering_key_has_no_key() {
    assertThat(record(new PubsubMessage(new byte[0], Map.of(), "m-7", "")).key()).isNull();
    assertThat(record(new PubsubMessage(new byte[0], Map.of(), "m-7")).key()).isNull();
  }

  @Test
  void a_timestamp_is_in_milliseconds_or_as_rfc_3339_has_it_or_else_that_of_publication() {
    assertThat(TimestampAttribute.millis("1577836800000", NOW)).isEqualTo(1_577_836_800_000L);
    assertThat(TimestampAttribute.millis("2020-01-01T01:00:00+01:00", NOW))
        .isEqualTo(1_577_836_800_000L);
    for (String other : new String[] {"", "yesterday", "99999999999999999999", "-"}) {
      assertThat(TimestampAttribute.millis(other, NOW)).as(other).isEqualTo(NOW);
    }
    assertThat(TimestampAttribute.millis(null, NOW)).isEqualTo(NOW);
  }

  private static RawRecord record(PubsubMessage message) {
    return new ReadPubsub.ToRawRecord(PATH).record(message, NOW);
  }
}
