package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Attempt;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
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
    assertThat(Resent.attempt(attributes, "fraud")).isEqualTo(new Attempt(2, false));

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
    assertThat(Resent.attempt(Resent.attributes(second), "fraud")).isEqualTo(new Attempt(3, false));
  }

  @Test
  void an_event_that_failed_behind_history_is_known_to_the_pipeline_that_failed_and_no_other() {
    EventLayout layout = EventLayout.of(Schema.builder().addStringField("id").build());
    EventBuilder builder = new EventBuilder(layout);
    builder.setString(layout.column("id"), "tx-1");
    Event event = builder.build("tx-1", 0, new Origin("kafka", "payments", 0, 7));
    DeadLetter letter =
        DeadLetter.failed(Stage.LOOKUP, event, Reason.LOOKUP_MISSING, "nobody", null)
            .withPipeline("fraud", "1");
    Map<String, byte[]> attributes = Resent.attributes(letter);
    assertThat(Resent.attempt(attributes, "fraud")).isEqualTo(new Attempt(2, true));
    assertThat(Resent.attempt(attributes, "limits")).isEqualTo(new Attempt(2, false));
  }

  @ParameterizedTest
  @CsvSource({
    ", , 1, false",
    "2, , 2, false",
    "2, DELIVER, 2, false",
    "2, other/DELIVER, 2, false",
    "2, fraud/DECODE, 2, false",
    "2, fraud/VALIDATE, 2, false",
    "2, fraud/HISTORY, 2, true",
    "3, fraud/DELIVER, 3, true",
    "2, fraud/SOMEWHERE, 2, false",
    "1, fraud/DELIVER, 1, false",
    "0, fraud/DELIVER, 1, false",
    "-4, fraud/DELIVER, 1, false",
    "two, fraud/DELIVER, 1, false",
    ", fraud/DELIVER, 1, false"
  })
  void attempt_is_what_the_attributes_say(
      String number, String failed, int expected, boolean counted) {
    Map<String, byte[]> attributes = new HashMap<>();
    if (number != null) {
      attributes.put("millrace.attempt", number.getBytes(UTF_8));
    }
    if (failed != null) {
      attributes.put("millrace.failed", failed.getBytes(UTF_8));
    }
    assertThat(Resent.attempt(attributes, "fraud")).isEqualTo(new Attempt(expected, counted));
  }
}
