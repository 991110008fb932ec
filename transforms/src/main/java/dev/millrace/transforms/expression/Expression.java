package dev.millrace.transforms.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Node.BooleanNode;
import dev.millrace.transforms.expression.Node.BytesNode;
import dev.millrace.transforms.expression.Node.DoubleNode;
import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.StringNode;
import dev.millrace.transforms.expression.Node.TimestampNode;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A CEL expression over the columns of events of one layout. Each column is a variable: of type
 * {@code int} for INT32 and INT64, {@code double} for FLOAT and DOUBLE, {@code timestamp}, {@code
 * string}, {@code bytes} or {@code bool}. The result is one of these types too. An int and a double
 * never mix: {@code amount > 0.0}, {@code double(count) / 2.0}.
 *
 * <p>A column that may be null can be compared by {@code ==}, {@code !=} and {@code in}, where null
 * is a value that equals only itself: {@code merchant == null ? "none" : merchant}. Any other use
 * of a null column, and a null result, is an {@link EvaluationException}. {@code &&} and {@code ||}
 * return what their other operand decides where one fails.
 *
 * <p>Thread-safe. Serialised as its source and layout, and compiled again at the first use. It
 * reads events of exactly the layout it was compiled for: that more columns follow moves those
 * before.
 *
 * <pre>{@code
 * Expression large = Expression.compile("amount > 100.0", layout);
 * large.test(event);
 * }</pre>
 */
public final class Expression implements Serializable {

  private static final int LONGEST_SHOWN = 60;

  private final String source;
  private final EventLayout layout;

  // Compiled has only final fields, so a race can at worst compile twice.
  private transient @Nullable Compiled compiled;

  private record Compiled(
      ColumnType type, Set<String> columns, Node root, Writer writer, boolean closures) {}

  /** Sets a column to the result. Made with the closures: to ask for a node's kind costs more. */
  private interface Writer {
    void write(Event event, EventBuilder builder, Column target);
  }

  private Expression(String source, EventLayout layout) {
    this.source = source;
    this.layout = layout;
  }

  /**
   * Parses, type-checks and compiles {@code source}.
   *
   * @throws ExpressionException saying where it is wrong, what was found and what was expected
   */
  public static Expression compile(String source, EventLayout layout) {
    Expression expression = new Expression(source, layout);
    expression.compiled();
    return expression;
  }

  /**
   * As {@link #compile}, of an expression that must be true or false.
   *
   * @throws ExpressionException also when its result is anything else
   */
  public static Expression condition(String source, EventLayout layout) {
    Expression expression = compile(source, layout);
    if (expression.type() != ColumnType.BOOLEAN) {
      throw new ExpressionException(
          source,
          0,
          "found a result of type %s, expected true or false".formatted(expression.type()));
    }
    return expression;
  }

  private Compiled compiled() {
    Compiled known = compiled;
    if (known == null) {
      known = compileNow();
      compiled = known;
    }
    return known;
  }

  private Compiled compileNow() {
    Language language = new Language(layout);
    CelAbstractSyntaxTree checked = language.check(source);
    ColumnType type = Language.resultType(source, checked.getResultType());
    List<Column> columns = columnsOf(checked);
    Set<String> names =
        Collections.unmodifiableSet(
            new LinkedHashSet<>(columns.stream().map(Column::name).toList()));
    Optional<Node> closures = NodeCompiler.compile(checked, layout);
    Node root =
        closures.orElseGet(() -> Interpreted.of(language.program(checked), layout, columns, type));
    return new Compiled(type, names, root, writer(root), closures.isPresent());
  }

  private List<Column> columnsOf(CelAbstractSyntaxTree checked) {
    Set<String> names = new LinkedHashSet<>();
    checked.getReferenceMap().values().forEach(reference -> names.add(reference.name()));
    return layout.columns().stream().filter(column -> names.contains(column.name())).toList();
  }

  /** As it was written. */
  public String source() {
    return source;
  }

  /** The type of a column that can hold the result. */
  public ColumnType type() {
    return compiled().type;
  }

  /** The names of the columns it reads, in the layout's order. */
  public Set<String> columns() {
    return compiled().columns;
  }

  /**
   * A sentence on what came of it, with the values of the columns it reads: {@code 'amount > 0.0'
   * is false (amount = -3.0)}.
   */
  public String because(String outcome, Event event) {
    String values =
        compiled().columns.stream()
            .map(layout::column)
            .map(column -> column.name() + " = " + shown(column, event))
            .collect(Collectors.joining(", "));
    return "'%s' %s%s".formatted(source, outcome, values.isEmpty() ? "" : " (" + values + ")");
  }

  private static String shown(Column column, Event event) {
    if (column.isNull(event)) {
      return "null";
    }
    if (column.type() == ColumnType.BYTES) {
      return column.getBytes(event).length + " bytes";
    }
    String text = column.text(event);
    String some = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    return column.type() == ColumnType.STRING ? "'" + some + "'" : some;
  }

  /** Whether it runs as closures, not in CEL's interpreter. */
  public boolean isCompiled() {
    return compiled().closures;
  }

  /**
   * The result of a condition.
   *
   * @throws EvaluationException when it fails on this event
   */
  public boolean test(Event event) {
    if (!(compiled().root instanceof BooleanNode condition)) {
      throw notA("BOOLEAN");
    }
    try {
      return condition.test(event);
    } catch (EvaluationException e) {
      throw failure(e, event);
    }
  }

  /**
   * The result as a double: that of an int, 1 for true and 0 for false, milliseconds for a
   * timestamp.
   *
   * @throws EvaluationException when it fails on this event
   */
  public double number(Event event) {
    try {
      return number(compiled().root, event);
    } catch (EvaluationException e) {
      throw failure(e, event);
    }
  }

  private double number(Node root, Event event) {
    if (root instanceof DoubleNode node) {
      return node.get(event);
    }
    if (root instanceof LongNode node) {
      return node.get(event);
    }
    if (root instanceof BooleanNode node) {
      return node.test(event) ? 1 : 0;
    }
    if (root instanceof TimestampNode node) {
      return node.millis(event);
    }
    throw notA("number");
  }

  /**
   * The result as {@link Column#value} would give it.
   *
   * @throws EvaluationException when it fails on this event
   */
  public Object value(Event event) {
    Object value;
    try {
      value = compiled().root.value(event);
    } catch (EvaluationException e) {
      throw failure(e, event);
    }
    return type() == ColumnType.TIMESTAMP ? Instant.ofEpochMilli((Long) value) : value;
  }

  /**
   * Sets {@code target}, a column of {@link #type}, to the result; nothing is set when it fails.
   *
   * @throws EvaluationException when it fails on this event
   */
  public void write(Event event, EventBuilder builder, Column target) {
    Compiled known = compiled();
    if (target.type() != known.type) {
      throw notA(target.type() + " for column '" + target.name() + "'");
    }
    try {
      known.writer.write(event, builder, target);
    } catch (EvaluationException e) {
      throw failure(e, event);
    }
  }

  private static Writer writer(Node root) {
    if (root instanceof DoubleNode node) {
      return (event, builder, target) -> builder.setDouble(target, node.get(event));
    }
    if (root instanceof LongNode node) {
      return (event, builder, target) -> builder.setLong(target, node.get(event));
    }
    if (root instanceof BooleanNode node) {
      return (event, builder, target) -> builder.setBoolean(target, node.test(event));
    }
    if (root instanceof TimestampNode node) {
      return (event, builder, target) -> builder.setLong(target, node.millis(event));
    }
    if (root instanceof StringNode node) {
      return (event, builder, target) -> builder.setString(target, node.get(event));
    }
    BytesNode node = (BytesNode) root;
    return (event, builder, target) -> {
      byte[] bytes = node.get(event);
      builder.setBytes(target, bytes, 0, bytes.length);
    };
  }

  private EvaluationException failure(EvaluationException cause, Event event) {
    return new EvaluationException(because("fails: " + cause.getMessage(), event));
  }

  private IllegalStateException notA(String expected) {
    return new IllegalStateException(
        "expression '%s': found a result of type %s, expected %s"
            .formatted(source, type(), expected));
  }

  @Override
  public String toString() {
    return source;
  }
}
