package dev.millrace.transforms.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.compute.Computation.Definition;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.expression.ExpressionException;
import dev.millrace.transforms.expression.Payment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class ComputeTest {

  private static Computation compile(Definition... definitions) {
    return Computation.compile(List.of(definitions), Payment.LAYOUT);
  }

  private static List<Object> appended(Computation computation, Event event) {
    List<Object> values = computation.append(event).toRow().getValues();
    return values.subList(Payment.LAYOUT.columns().size(), values.size());
  }

  @Test
  void each_column_has_the_type_of_its_expression_behind_those_that_were_there() {
    Computation computation =
        compile(
            new Definition("night", "occurred_at.getHours() <= 6"),
            new Definition("count", "terminal_count_7d + 1"),
            new Definition("risk", "double(terminal_frauds_7d) / double(terminal_count_7d)"),
            new Definition("text", "currency + '!'"),
            new Definition("raw", "signature"),
            new Definition("later", "occurred_at + duration('1h')"));
    Event event = Payment.usual().event();
    assertThat(computation.passes()).isEqualTo(1);
    assertThat(appended(computation, event))
        .containsExactly(
            false, 9L, 0.25, "EUR!", new byte[] {1, 2}, Instant.parse("2018-04-01T13:00:00Z"));
    Event computed = computation.append(event);
    for (Column column : Payment.LAYOUT.columns()) {
      assertThat(computation.layout().column(column.name()).value(computed))
          .isEqualTo(column.value(event));
    }
    assertThat(computation.layout())
        .isEqualTo(
            Payment.LAYOUT.plus(
                List.of(
                    Field.of("night", FieldType.BOOLEAN),
                    Field.of("count", FieldType.INT64),
                    Field.of("risk", FieldType.DOUBLE),
                    Field.of("text", FieldType.STRING),
                    Field.of("raw", FieldType.BYTES),
                    Field.of("later", FieldType.DATETIME))));
  }

  @Test
  void a_column_may_use_those_computed_before_it() {
    Computation computation =
        compile(
            new Definition("twice", "amount * 2.0"),
            new Definition("clean", "terminal_frauds_7d == 0"),
            new Definition("four_times", "twice * 2.0"),
            new Definition("label", "clean ? currency : currency + string(twice)"),
            new Definition("longer", "label + string(four_times)"));
    assertThat(computation.passes()).isEqualTo(3);
    assertThat(appended(computation, Payment.usual().event()))
        .containsExactly(25.0, false, 50.0, "EUR25.0", "EUR25.050.0");
  }

  @Test
  void a_failure_leaves_nothing_behind_for_the_next_event() {
    Computation computation =
        compile(
            new Definition("text", "currency"), new Definition("share", "100 / terminal_count_7d"));
    Event bad = Payment.usual().atTerminal(0, 0).event();
    assertThatThrownBy(() -> computation.append(bad))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "'100 / terminal_count_7d' fails: division by zero: 100 / 0 (terminal_count_7d = 0)");
    Event good = Payment.usual().event();
    assertThat(appended(computation, good)).containsExactly("EUR", 12L);
    assertThat(computation.append(good)).isEqualTo(computation.append(good));
  }

  @Test
  void a_column_may_not_use_a_later_one_nor_have_a_name_that_is_taken() {
    assertThatThrownBy(
            () -> compile(new Definition("a", "b + 1"), new Definition("b", "attempts + 1")))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("column 1: found 'b', expected a column");
    assertThatThrownBy(() -> compile(new Definition("amount", "1.0")))
        .hasMessageContaining("column 'amount' is defined twice");
  }

  @Test
  void computed_events_go_on_and_the_others_become_dead_letters(TestPipeline pipeline) {
    Map<String, String> expressions = new LinkedHashMap<>();
    expressions.put("share", "100 / terminal_count_7d");
    expressions.put("half", "share / 2");
    Compute compute = Compute.columns(expressions).withColumn("quarter", "half / 2");
    StageResult<Event> result =
        pipeline
            .apply(
                Create.of(Payment.usual().event(), Payment.usual().atTerminal(0, 0).event())
                    .withCoder(EventCoder.of(Payment.LAYOUT)))
            .apply("Compute", compute);
    EventLayout layout = EventCoder.layoutOf(result.output());
    assertThat(layout).isEqualTo(compute.layout(Payment.LAYOUT));
    PAssert.thatSingleton(result.output())
        .satisfies(
            event -> {
              assertThat(layout.column("share").getLong(event)).isEqualTo(12);
              assertThat(layout.column("half").getLong(event)).isEqualTo(6);
              assertThat(layout.column("quarter").getLong(event)).isEqualTo(3);
              assertThat(event.id()).isEqualTo("tx-1");
              return null;
            });
    PAssert.thatSingleton(result.deadLetters())
        .satisfies(
            letter -> {
              assertThat(letter.stage()).isEqualTo(Stage.COMPUTE);
              assertThat(letter.reason()).isEqualTo(Reason.COMPUTE_FAILED);
              assertThat(letter.message()).contains("division by zero: 100 / 0");
              return null;
            });
    pipeline.run().waitUntilFinish();
  }
}
