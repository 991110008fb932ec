package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.KafkaTopic;
import dev.millrace.transforms.transport.RecordSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;

class WriteDeadLettersTest {

  private static final int MOST = 20_000;
  private static final WriteDeadLetters.Encode ENCODE =
      new WriteDeadLetters.Encode(
          new KafkaTopic("localhost:9092", "letters", Map.of()), new byte[10], MOST);

  @Test
  void dead_letter_that_fits_to_the_byte_is_whole() throws IOException {
    int room = (int) (MOST - size(letter(new byte[8_192], 0)) + 8_192);
    assertThat(encoded(letter(filled(room), 0)).isCut()).isFalse();
    DeadLetter cut = encoded(letter(filled(room + 1), 0));
    assertThat(cut.isCut()).isTrue();
    assertThat(size(letter(filled(room + 1), 0))).isLessThanOrEqualTo(MOST);
  }

  @Test
  void payload_that_is_too_large_loses_its_end_and_says_how_long_it_was() throws IOException {
    byte[] payload = filled(700_000);
    DeadLetter cut = encoded(letter(payload, 3));
    assertThat(size(letter(payload, 3))).isBetween(MOST - 20L, (long) MOST);
    assertThat(cut.payload()).isEqualTo(Arrays.copyOf(payload, cut.payload().length));
    assertThat(cut.attributes().get("millrace.payload.bytes")).isEqualTo("700000".getBytes(UTF_8));
    assertThat(cut.attributes()).containsKey("header");
    assertThat(cut.message()).isEqualTo("found nonsense");
  }

  @Test
  void headers_that_are_too_large_go_with_the_payload() throws IOException {
    DeadLetter cut = encoded(letter(filled(100), 700_000));
    assertThat(cut.payload()).isEmpty();
    assertThat(cut.attributes()).containsOnlyKeys("millrace.payload.bytes");
    assertThat(size(letter(filled(100), 700_000))).isLessThan(MOST);
  }

  @Test
  void topic_for_less_than_a_message_is_refused() {
    KafkaTopic topic = new KafkaTopic("b:1", "dead", Map.of());
    assertThatThrownBy(() -> WriteDeadLetters.to(topic).withMaxBytes(16_383))
        .hasMessage(
            "found records of at most 16,383 bytes, expected 16,384 or more: a dead letter says more than its payload");
  }

  private static DeadLetter letter(byte[] payload, int header) {
    return DeadLetter.undecodable(
        new Origin("kafka", "payments", 1, 2),
        new byte[] {1},
        payload,
        Map.of("header", new byte[header]),
        null,
        Reason.MALFORMED,
        "found nonsense",
        null);
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  private static long size(DeadLetter letter) {
    KV<byte[], byte[]> record = ENCODE.apply(letter);
    return RecordSize.of(record.getKey(), record.getValue());
  }

  private static DeadLetter encoded(DeadLetter letter) throws IOException {
    return DeadLetterAvro.read(ENCODE.apply(letter).getValue(), 10);
  }
}
