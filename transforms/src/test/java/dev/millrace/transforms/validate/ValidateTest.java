package dev.millrace.transforms.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.expression.ExpressionException;
import dev.millrace.transforms.expression.Payment;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class ValidateTest {

  private static final Event GOOD = Payment.usual().atTerminal(2, 1).event();
  private static final Event UNKNOWN_TERMINAL = Payment.usual().atTerminal(0, 1).event();
  private static final Event ALL_FRAUDS = Payment.usual().atTerminal(1, 1).event();

  private static Rules rules(String... expressions) {
    return Rules.compile(List.of(expressions), Payment.LAYOUT);
  }

  @Test
  void an_event_that_meets_every_rule_breaks_none() {
    assertThat(rules("amount > 0.0", "currency.size() == 3").breach(GOOD)).isNull();
    assertThat(rules().breach(GOOD)).isNull();
  }

  @Test
  void the_first_rule_broken_is_named_with_the_values_it_read() {
    Rules.Breach breach =
        rules("currency == 'EUR'", "amount > 100.0 && currency != ''", "amount > 1000.0")
            .breach(GOOD);
    assertThat(breach)
        .isEqualTo(
            new Rules.Breach(
                "'amount > 100.0 && currency != ''' is false (amount = 12.5, currency = 'EUR')",
                null));
  }

  @Test
  void a_wrong_rule_is_refused_before_any_event() {
    assertThatThrownBy(() -> rules("amount > 0.0", "amount"))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("expected true or false");
  }

  @Test
  void invalid_events_become_one_dead_letter_each_and_the_others_pass(TestPipeline pipeline) {
    StageResult<Event> result =
        pipeline
            .apply(
                Create.of(GOOD, UNKNOWN_TERMINAL, ALL_FRAUDS)
                    .withCoder(EventCoder.of(Payment.LAYOUT)))
            .apply(
                "Validate",
                Validate.that("amount > 0.0", "terminal_frauds_7d * 10 / terminal_count_7d < 10"));
    PAssert.that(result.output()).containsInAnyOrder(GOOD);
    PAssert.that(result.deadLetters())
        .satisfies(
            letters -> {
              assertThat(letters)
                  .allSatisfy(
                      letter -> {
                        assertThat(letter.stage()).isEqualTo(Stage.VALIDATE);
                        assertThat(letter.reason()).isEqualTo(Reason.INVALID);
                        assertThat(letter.eventId()).isEqualTo("tx-1");
                      })
                  .extracting(DeadLetter::message, DeadLetter::exceptionClass)
                  .containsExactlyInAnyOrder(
                      tuple(
                          "'terminal_frauds_7d * 10 / terminal_count_7d < 10' is false"
                              + " (terminal_count_7d = 1, terminal_frauds_7d = 1)",
                          null),
                      tuple(
                          "'terminal_frauds_7d * 10 / terminal_count_7d < 10' fails: division by"
                              + " zero: 10 / 0 (terminal_count_7d = 0, terminal_frauds_7d = 1)",
                          EvaluationException.class.getName()));
              return null;
            });
    assertThat(EventCoder.layoutOf(result.output())).isEqualTo(Payment.LAYOUT);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void a_collection_without_a_layout_is_refused(TestPipeline pipeline) {
    PCollection<String> names = pipeline.apply(Create.of("a"));
    @SuppressWarnings("unchecked")
    PCollection<Event> noEvents = (PCollection<Event>) (PCollection<?>) names;
    assertThatThrownBy(() -> noEvents.apply("Validate", Validate.that("true")))
        .hasMessageContaining("expected an EventCoder");
    pipeline.enableAbandonedNodeEnforcement(false);
  }
}
