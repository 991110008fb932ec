package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Attempt;
import dev.millrace.transforms.event.Origin;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResentTest {

  @Test
  void a_record_that_could_not_be_decoded_is_sent_again_as_the_second_attempt() {
    DeadLetter letter =
        DeadLetter.undecodable(
            new Origin("kafka", "payments", 0, 7),
            null,
            new byte[0],
            Map.of(),
            null,
            Reason.MALFORMED,
            "bad",
            null);
    Map<String, byte[]> attributes = Resent.attributes(letter);
    assertThat(Resent.attempt(attributes)).isEqualTo(new Attempt(2, false));

    DeadLetter second =
        DeadLetter.undecodable(
            new Origin("kafka", "payments", 0, 9),
            null,
            new byte[0],
            attributes,
            null,
            Reason.MALFORMED,
            "bad",
            null);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(Resent.attempt(Resent.attributes(second))).isEqualTo(new Attempt(3, false));
  }

  @ParameterizedTest
  @CsvSource({
    ", , 1, false",
    "2, , 2, false",
    "2, DECODE, 2, false",
    "2, VALIDATE, 2, false",
    "2, HISTORY, 2, true",
    "3, DELIVER, 3, true",
    "2, SOMEWHERE, 2, false",
    "1, DELIVER, 1, false",
    "0, DELIVER, 1, false",
    "-4, DELIVER, 1, false",
    "two, DELIVER, 1, false",
    ", DELIVER, 1, false"
  })
  void attempt_is_what_the_attributes_say(
      String number, String stage, int expected, boolean counted) {
    Map<String, byte[]> attributes = new HashMap<>();
    if (number != null) {
      attributes.put("millrace.attempt", number.getBytes(UTF_8));
    }
    if (stage != null) {
      attributes.put("millrace.failed", stage.getBytes(UTF_8));
    }
    assertThat(Resent.attempt(attributes)).isEqualTo(new Attempt(expected, counted));
  }
}
