package dev.millrace.transforms.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.util.SerializableUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

  private static Expression compile(String source) {
    return Expression.compile(source, Payment.LAYOUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amount > 0.0",
        "currency.size() == 3",
        "terminal_count_7d == 0 ? 0.0 : double(terminal_frauds_7d) / double(terminal_count_7d)",
        "occurred_at.getHours() <= 6 ? 1 : 0",
        "occurred_at.getDayOfWeek() == 0 || occurred_at.getDayOfWeek() == 6 ? 1 : 0",
        "fraud_probability >= 0.9",
        "currency in ['EUR', 'CHF'] && !(merchant == null)",
        "occurred_at.getHours('Europe/Zurich')",
        "currency.matches('^[A-Z]{3}$')",
        "occurred_at >= timestamp('2018-01-01T00:00:00Z')"
      })
  void what_a_pipeline_usually_asks_runs_as_closures(String source) {
    assertThat(compile(source).isCompiled()).isTrue();
  }

  @Test
  void the_result_comes_in_the_type_of_the_expression() {
    Event event = Payment.usual().event();
    assertThat(compile("amount > 12.0").test(event)).isTrue();
    assertThat(compile("amount * 2.0").number(event)).isEqualTo(25.0);
    assertThat(compile("terminal_count_7d + 1").number(event)).isEqualTo(9.0);
    assertThat(compile("amount > 12.0").number(event)).isEqualTo(1.0);
    assertThat(compile("terminal_count_7d").value(event)).isEqualTo(8L);
    assertThat(compile("fraud_probability").value(event)).isEqualTo(0.25);
    assertThat(compile("currency + '!'").value(event)).isEqualTo("EUR!");
    assertThat(compile("signature").value(event)).isEqualTo(new byte[] {1, 2});
    assertThat(compile("occurred_at").value(event))
        .isEqualTo(Instant.parse("2018-04-01T12:00:00Z"));
    assertThat(compile("occurred_at").number(event)).isEqualTo(1_522_584_000_000.0);
  }

  @Test
  void what_has_no_closure_gives_the_same_kinds_of_results_from_the_interpreter() {
    Event event = Payment.usual().event();
    assertThat(compile("currency.lowerAscii()").isCompiled()).isFalse();
    assertThat(compile("currency.lowerAscii()").value(event)).isEqualTo("eur");
    assertThat(compile("['EUR'].exists(c, c == currency)").test(event)).isTrue();
    assertThat(compile("int(dyn(amount))").number(event)).isEqualTo(12.0);
    assertThat(compile("double(dyn(terminal_count_7d))").value(event)).isEqualTo(8.0);
    assertThat(compile("b'ab' + signature").value(event)).isEqualTo(new byte[] {97, 98, 1, 2});
    assertThat(compile("occurred_at + duration('90m')").value(event))
        .isEqualTo(Instant.parse("2018-04-01T13:30:00Z"));
  }

  @Test
  void a_result_is_written_into_a_column_of_its_type() {
    List<String> sources =
        List.of(
            "amount > 1.0", "terminal_count_7d", "amount", "currency", "signature", "occurred_at");
    List<Expression> expressions = sources.stream().map(ExpressionTest::compile).toList();
    Schema schema =
        Schema.builder()
            .addBooleanField("e0")
            .addInt64Field("e1")
            .addDoubleField("e2")
            .addStringField("e3")
            .addByteArrayField("e4")
            .addDateTimeField("e5")
            .build();
    EventLayout results = EventLayout.of(schema);
    EventBuilder builder = new EventBuilder(results);
    Event event = Payment.usual().event();
    for (int i = 0; i < expressions.size(); i++) {
      expressions.get(i).write(event, builder, results.columns().get(i));
    }
    assertThat(builder.build("", 0, Origin.NONE).toRow().getValues())
        .containsExactly(
            true, 8L, 12.5, "EUR", new byte[] {1, 2}, Instant.parse("2018-04-01T12:00:00Z"));
    assertThatThrownBy(() -> expressions.get(0).write(event, builder, results.column("e2")))
        .hasMessage(
            "expression 'amount > 1.0': found a result of type BOOLEAN, expected DOUBLE for column 'e2'");
  }

  @Test
  void sunday_is_day_0_and_the_day_starts_at_midnight_utc_or_of_the_zone() {
    Event lateOnSaturday = Payment.usual().at("2018-03-31T23:30:00.250Z").event();
    assertThat(compile("occurred_at.getDayOfWeek()").number(lateOnSaturday)).isEqualTo(6);
    assertThat(compile("occurred_at.getDayOfWeek('Europe/Zurich')").number(lateOnSaturday))
        .isEqualTo(0);
    assertThat(compile("occurred_at.getMilliseconds()").number(lateOnSaturday)).isEqualTo(250);
  }

  @Test
  void null_is_a_value_only_where_it_is_compared() {
    Event without = Payment.usual().event();
    Event with = Payment.usual().merchant("m-1").attempts(3).event();
    assertThat(compile("merchant == null").test(without)).isTrue();
    assertThat(compile("merchant != null").test(with)).isTrue();
    assertThat(compile("attempts == 3").test(without)).isFalse();
    assertThat(compile("attempts in [1, 3]").test(without)).isFalse();
    assertThat(compile("attempts in [1, 3]").test(with)).isTrue();
    Expression orZero = compile("attempts == null ? 0 : attempts");
    assertThat(orZero.number(without)).isEqualTo(0);
    assertThat(orZero.number(with)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attempts",
        "attempts + 1",
        "attempts > 1 || amount < 0.0",
        "dyn(attempts) + 1 > 0"
      })
  void any_other_use_of_null_names_the_column(String source) {
    Event event = Payment.usual().event();
    assertThatThrownBy(() -> compile(source).value(event))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("'%s' fails: column 'attempts' is null (".formatted(source))
        .hasMessageEndingWith("attempts = null)");
  }

  @Test
  void what_one_side_of_a_connective_decides_wins_over_a_failure_of_the_other() {
    Event event = Payment.usual().atTerminal(0, 0).event();
    assertThat(compile("1 / terminal_count_7d > 0 && false").test(event)).isFalse();
    assertThat(compile("1 / terminal_count_7d > 0 || true").test(event)).isTrue();
    assertThat(compile("false && 1 / terminal_count_7d > 0").test(event)).isFalse();
    assertThatThrownBy(() -> compile("1 / terminal_count_7d > 0 && true").test(event))
        .hasMessageContaining("fails: division by zero: 1 / 0 (terminal_count_7d = 0)");
    assertThatThrownBy(() -> compile("1 / terminal_count_7d > 0 || false").test(event))
        .hasMessageContaining("fails: division by zero: 1 / 0 (terminal_count_7d = 0)");
  }

  @Test
  void arithmetic_that_cannot_be_done_says_with_which_values() {
    Event event = Payment.usual().atTerminal(Long.MAX_VALUE, -1).event();
    assertFails(
        "terminal_count_7d + 1", event, "9223372036854775807 + 1 is out of the range of int");
    assertFails(
        "-2 - terminal_count_7d", event, "-2 - 9223372036854775807 is out of the range of int");
    assertFails(
        "terminal_count_7d * 2", event, "9223372036854775807 * 2 is out of the range of int");
    assertFails(
        "(-terminal_count_7d - 1) / terminal_frauds_7d",
        event,
        "-9223372036854775808 / -1 is out of the range of int");
    assertFails("terminal_count_7d % 0", event, "division by zero: 9223372036854775807 % 0");
    assertFails("int(amount * 1e20)", event, "int(1.25E21) is out of the range of int");
    assertFails("int(currency)", event, "int(): found 'EUR', expected an int");
    assertFails("double(currency)", event, "double(): found 'EUR', expected a double");
    assertFails("currency.charAt(9)", event, "charAt failure: Index out of range: 9");
  }

  private static void assertFails(String source, Event event, String message) {
    assertThatThrownBy(() -> compile(source).value(event))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(compile(source).because("fails: " + message, event));
  }

  @Test
  void it_knows_the_columns_it_reads_and_tells_their_values() {
    Expression expression =
        compile(
            "occurred_at > timestamp('2018-01-01T00:00:00Z') && currency == 'EUR'"
                + " && signature == b'' && amount > 1.0 && merchant == null");
    assertThat(expression.columns())
        .containsExactly("amount", "currency", "occurred_at", "merchant", "signature");
    assertThat(expression.because("is false", Payment.usual().event()))
        .endsWith(
            "is false (amount = 12.5, currency = 'EUR', occurred_at = 2018-04-01T12:00:00.000Z,"
                + " merchant = null, signature = 2 bytes)");
    Event named = Payment.usual().merchant("m".repeat(99)).event();
    assertThat(compile("merchant").because("is long", named))
        .isEqualTo("'merchant' is long (merchant = '" + "m".repeat(60) + "...')");
    assertThat(compile("1 > 2").because("is false", named)).isEqualTo("'1 > 2' is false");
  }

  @Test
  void a_result_of_another_type_is_not_a_condition_and_text_is_not_a_number() {
    Event event = Payment.usual().event();
    assertThatThrownBy(() -> compile("amount").test(event))
        .hasMessage("expression 'amount': found a result of type DOUBLE, expected BOOLEAN");
    assertThatThrownBy(() -> compile("currency").number(event))
        .hasMessage("expression 'currency': found a result of type STRING, expected number");
    assertThatThrownBy(() -> Expression.condition("amount", Payment.LAYOUT))
        .isInstanceOf(ExpressionException.class)
        .hasMessage(
            "expression 'amount', column 1: found a result of type DOUBLE, expected true or false");
  }

  @Test
  void serialised_it_is_the_same_expression_compiled_or_interpreted() {
    Event event = Payment.usual().event();
    for (String source : List.of("amount > 12.0", "currency.lowerAscii() == 'eur'")) {
      Expression copy = SerializableUtils.clone(compile(source));
      assertThat(copy.source()).isEqualTo(source);
      assertThat(copy.type()).isEqualTo(ColumnType.BOOLEAN);
      assertThat(copy.test(event)).isTrue();
    }
  }

  @Test
  void threads_share_one_expression() {
    Expression copy = SerializableUtils.clone(compile("double(terminal_frauds_7d) / 2.0 + amount"));
    Expression interpreted = SerializableUtils.clone(compile("currency.substring(0, 1)"));
    assertThat(
            IntStream.range(0, 4_000)
                .parallel()
                .mapToObj(i -> Payment.usual().atTerminal(9, i).event())
                .allMatch(
                    event ->
                        copy.number(event)
                                == Payment.LAYOUT.column("terminal_frauds_7d").getLong(event) / 2.0
                                    + 12.5
                            && interpreted.value(event).equals("E")))
        .isTrue();
  }

  @Test
  void a_column_named_like_a_type_or_a_function_is_still_a_column() {
    EventLayout layout =
        EventLayout.of(
            Schema.of(Field.of("size", FieldType.INT64), Field.of("type", FieldType.INT64)));
    assertThat(Expression.compile("size + type", layout).columns()).containsExactly("size", "type");
  }
}
