package dev.millrace.transforms.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The closures against CEL's own interpreter. */
class DifferentialTest {

  private static final int EXPRESSIONS = 1_000;
  private static final int EVENTS = 20;
  private static final Object FAILED = "failed";
  private static final Language LANGUAGE = new Language(RandomExpressions.LAYOUT);

  @Test
  void random_expressions_give_the_same_value_or_both_fail() {
    RandomExpressions random = new RandomExpressions(20180401);
    int compiled = 0;
    int values = 0;
    int failures = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      String source = random.any();
      CelAbstractSyntaxTree checked = LANGUAGE.check(source);
      Optional<Node> closures = NodeCompiler.compile(checked, RandomExpressions.LAYOUT);
      if (closures.isEmpty()) {
        continue;
      }
      compiled++;
      Node interpreted = interpreted(source, checked);
      for (int j = 0; j < EVENTS; j++) {
        Event event = random.event();
        Object expected = outcome(interpreted, event);
        assertThat(outcome(closures.get(), event))
            .as("%s of %s", source, event)
            .isEqualTo(expected);
        if (expected == FAILED) {
          failures++;
        } else {
          values++;
        }
      }
    }
    assertThat(compiled).isGreaterThan(EXPRESSIONS * 9 / 10);
    assertThat(values).isGreaterThan(EXPRESSIONS * 10);
    assertThat(failures).isGreaterThan(EXPRESSIONS * 4);
  }

  private static Object outcome(Node node, Event event) {
    try {
      Object value = node.value(event);
      return value instanceof byte[] bytes ? Arrays.toString(bytes) : value;
    } catch (EvaluationException e) {
      return FAILED;
    }
  }

  private static Node interpreted(String source, CelAbstractSyntaxTree checked) {
    ColumnType type = Language.resultType(source, checked.getResultType());
    return Interpreted.of(
        LANGUAGE.program(checked),
        RandomExpressions.LAYOUT,
        RandomExpressions.LAYOUT.columns(),
        type);
  }
}
