package dev.millrace.transforms.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.decide.Decisions.Rule;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.ExpressionException;
import dev.millrace.transforms.expression.Payment;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class DecideTest {

  private static String decision(Event event, Rule... rules) {
    Decisions decisions = Decisions.compile("decision", List.of(rules), "APPROVE", Payment.LAYOUT);
    return decisions.layout().column("decision").getString(decisions.append(event));
  }

  @Test
  void the_first_rule_that_is_true_decides() {
    Event event = Payment.usual().event();
    assertThat(decision(event, new Rule("amount > 10.0", "A"), new Rule("amount > 1.0", "B")))
        .isEqualTo("A");
    assertThat(decision(event, new Rule("amount > 100.0", "A"), new Rule("amount > 1.0", "B")))
        .isEqualTo("B");
    assertThat(decision(event, new Rule("amount > 100.0", "A"))).isEqualTo("APPROVE");
    assertThat(decision(event)).isEqualTo("APPROVE");
  }

  @Test
  void a_rule_behind_the_one_that_decides_cannot_fail() {
    Event event = Payment.usual().event();
    Rule fails = new Rule("attempts > 3", "DECLINE");
    assertThat(decision(event, new Rule("amount > 1.0", "REVIEW"), fails)).isEqualTo("REVIEW");
    assertThatThrownBy(() -> decision(event, fails))
        .hasMessage("'attempts > 3' fails: column 'attempts' is null (attempts = null)");
  }

  @Test
  void rules_are_checked_before_any_event() {
    assertThatThrownBy(
            () -> Decide.on("decision").when("amount", "A").otherwise("B").layout(Payment.LAYOUT))
        .isInstanceOf(ExpressionException.class);
    assertThatThrownBy(() -> Decide.on("amount").otherwise("B").layout(Payment.LAYOUT))
        .hasMessageContaining("column 'amount' is defined twice");
  }

  @Test
  void each_event_gets_a_decision_or_becomes_a_dead_letter(TestPipeline pipeline) {
    Decide decide =
        Decide.on("decision")
            .when("attempts > 5", "DECLINE")
            .when("attempts > 3", "REVIEW")
            .otherwise("APPROVE");
    StageResult<Event> result =
        pipeline
            .apply(
                Create.of(
                        Payment.usual().attempts(9).event(),
                        Payment.usual().attempts(4).event(),
                        Payment.usual().attempts(1).event(),
                        Payment.usual().event())
                    .withCoder(EventCoder.of(Payment.LAYOUT)))
            .apply("Decide", decide);
    EventLayout layout = EventCoder.layoutOf(result.output());
    assertThat(layout).isEqualTo(decide.layout(Payment.LAYOUT));
    PAssert.that(
            result
                .output()
                .apply(
                    "Read decision",
                    MapElements.into(TypeDescriptors.strings())
                        .via(event -> layout.column("decision").getString(event))))
        .containsInAnyOrder("DECLINE", "REVIEW", "APPROVE");
    PAssert.thatSingleton(result.deadLetters())
        .satisfies(
            letter -> {
              assertThat(letter.stage()).isEqualTo(Stage.DECIDE);
              assertThat(letter.reason()).isEqualTo(Reason.COMPUTE_FAILED);
              assertThat(letter.message()).contains("column 'attempts' is null");
              return null;
            });
    pipeline.run().waitUntilFinish();
  }
}
