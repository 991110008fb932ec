package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.SourceSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

  @TempDir Path folder;

  @Test
  void a_variable_is_put_in_where_it_stands() {
    assertThat(topic(with("card.${STAGE}.${REGION:-eu}").variable("STAGE", "test")))
        .isEqualTo("card.test.eu");
  }

  @Test
  void a_default_stands_in_for_an_unset_or_empty_variable() {
    assertThat(topic(with("${TOPIC:-fallback}"))).isEqualTo("fallback");
    assertThat(topic(with("${TOPIC:-fallback}").variable("TOPIC", ""))).isEqualTo("fallback");
    assertThat(topic(with("${TOPIC:-fallback}").variable("TOPIC", "set"))).isEqualTo("set");
  }

  @Test
  void what_a_variable_holds_is_taken_as_it_is() {
    assertThat(topic(with("${TOPIC}").variable("TOPIC", "$1 ${OTHER} \\ [x]: y")))
        .isEqualTo("$1 ${OTHER} \\ [x]: y");
  }

  @Test
  void two_dollars_keep_the_reference() {
    assertThat(topic(with("a$${TOPIC}b"))).isEqualTo("a${TOPIC}b");
  }

  @Test
  void a_number_may_come_from_the_environment() {
    SpecText spec =
        SpecText.in(folder).with("- key:", "- cap: ${CAP}\n    key:").variable("CAP", "77");
    assertThat(spec.read().history().get(0).cap()).isEqualTo(77);
  }

  @Test
  void references_to_secrets_are_left_alone() {
    assertThat(topic(with("secret:env:TOPIC").variable("TOPIC", "seen")))
        .isEqualTo("secret:env:TOPIC");
  }

  @Test
  void missing_variables_are_all_named_at_their_places() {
    assertThat(
            with("${TOPIC}").with("contract: payment.avsc", "contract: \"${CONTRACT}\"").problems())
        .containsExactly(
            "p.yaml:6:14: found no environment variable TOPIC, expected it to be set, or a default"
                + " as in ${TOPIC:-default}",
            "p.yaml:7:31: found no environment variable CONTRACT, expected it to be set, or a"
                + " default as in ${CONTRACT:-default}");
  }

  @Test
  void a_reference_of_another_form_is_refused() {
    for (String wrong : new String[] {"${}", "${A-b}", "${1}", "${A"}) {
      assertThat(with(wrong).problems())
          .containsExactly(
              "p.yaml:6:14: found '%s', expected ${NAME} or ${NAME:-default}".formatted(wrong));
    }
  }

  @Test
  void a_missing_variable_does_not_matter_where_its_value_is_overridden() {
    assertThat(topic(with("${TOPIC}").set("events.from.kafka.topic=other"))).isEqualTo("other");
  }

  private SpecText with(String topic) {
    return SpecText.in(folder).with("topic: payments", "topic: " + topic);
  }

  private static String topic(SpecText spec) {
    return ((SourceSpec.Kafka) spec.read().events().from()).topic();
  }
}
