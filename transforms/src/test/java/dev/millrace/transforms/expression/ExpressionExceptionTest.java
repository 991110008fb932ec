package dev.millrace.transforms.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionExceptionTest {

  private static final String COLUMNS =
      "; the columns: amount, currency, occurred_at, terminal_count_7d, terminal_frauds_7d,"
          + " fraud_probability, merchant, attempts, signature";

  private static ExpressionException failure(String source) {
    return catchThrowableOfType(
        ExpressionException.class, () -> Expression.compile(source, Payment.LAYOUT));
  }

  @Test
  void an_unknown_column_is_named_with_the_nearest_and_all_there_are() {
    assertThat(failure("1.0 < amuont"))
        .hasMessage(
            "expression '1.0 < amuont', column 7: found 'amuont', expected a column"
                + " (did you mean 'amount'?)"
                + COLUMNS);
  }

  @Test
  void a_word_like_no_column_may_be_text_without_quotes() {
    assertThat(failure("currency == EUR").problem())
        .isEqualTo(
            "found 'EUR', expected a column" + COLUMNS + "; text is written in quotes: 'EUR'");
  }

  @Test
  void a_position_in_a_later_line_is_given_by_line_column_and_offset() {
    ExpressionException failure =
        failure("amount > 1.0 &&\n  currency == '𝛑' && curency == 'EUR'");
    assertThat(failure).hasMessageContaining("', line 2, column 23: found 'curency'");
    assertThat(failure.line()).isEqualTo(2);
    assertThat(failure.column()).isEqualTo(23);
    assertThat(failure.offset()).isEqualTo(38);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "amount = 1.0 | 8 | found '=', expected '=='",
        "amount > 1.0 and true | 14 | found 'and', expected '&&'",
        "amount > | 9 | found the end of the expression, expected a value",
        "(amount > 1.0 | 14 | found the end of the expression, expected ')'",
        "amount > 1.0) | 13 | found ')', expected an operator or the end of the expression",
        "currency == \"EUR | 13 | found text without its closing quote: \"EUR",
        "amount <> 1.0 | 9 | found '<>', expected '!='",
        "attempts > 9223372036854775808 | 12 | found 9223372036854775808, expected a number of 64 bits"
      })
  void what_is_not_cel_says_what_could_stand_there(String source, int column, String problem) {
    assertProblem(source, column, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "amount + currency | 8 | found double + string, expected double + double or string + string",
        "amount > 0 | 8 | found double > int, expected int > int or double > double;"
            + " an int and a double do not mix: write 1.0 for 1, or double(x)",
        "amount == 0 | 8 | found double == int, expected both sides of one type;"
            + " an int and a double do not mix: write 1.0 for 1, or double(x)",
        "amount == null | 8 | found double == null, expected both sides of one type;"
            + " only a column that may be null can be compared with null",
        "amount > 1.0 ? 1 : 'a' | 14 | found bool ? int : string,"
            + " expected bool ? a : a with both results of one type",
        "amount in ['a'] | 8 | found double in list(string), expected a value and a list of its type",
        "amount.getHours() | 16 | found double.getHours(), expected timestamp.getHours() or"
            + " timestamp.getHours(string) or duration.getHours()",
        "int(true) | 4 | found int(bool), expected int(int) or int(double) or int(string) or"
            + " int(timestamp)",
        "!amount | 1 | found !double, expected !bool",
        "currency.length | 9 | found a field of string, which has none; expected an operator or a"
            + " function call",
        "siize(currency) | 1 | found function 'siize', expected a function of CEL (did you mean 'size'?)"
      })
  void types_that_do_not_fit_are_named_with_those_that_would(
      String source, int column, String problem) {
    assertProblem(source, column, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "currency.matches('a(?=b)') | 18 | found no regular expression (RE2): invalid or unsupported"
            + " Perl syntax",
        "occurred_at > timestamp('2018') | 25 | found no timestamp: Failed to parse timestamp:"
            + " invalid timestamp \"2018\"",
        "occurred_at - occurred_at | 1 | found a result of type duration, expected bool, int, double,"
            + " string, bytes or timestamp; (...).getSeconds() is an int",
        "[amount] | 1 | found a result of type list, expected bool, int, double, string, bytes or"
            + " timestamp"
      })
  void literals_and_results_that_cannot_be_are_refused_before_any_event(
      String source, int column, String problem) {
    assertProblem(source, column, problem);
  }

  private static void assertProblem(String source, int column, String problem) {
    ExpressionException failure = failure(source);
    assertThat(failure.problem()).isEqualTo(problem);
    assertThat(failure.column()).isEqualTo(column);
    assertThat(failure)
        .hasMessage("expression '%s', column %d: %s".formatted(source, column, problem));
  }
}
