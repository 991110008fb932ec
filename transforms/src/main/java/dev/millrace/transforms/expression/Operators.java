package dev.millrace.transforms.expression;

import dev.millrace.transforms.expression.Node.BooleanNode;
import dev.millrace.transforms.expression.Node.BytesNode;
import dev.millrace.transforms.expression.Node.DoubleNode;
import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.StringNode;
import dev.millrace.transforms.expression.Node.TimestampNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The operators and functions that evaluate all their arguments, by the name that CEL's type
 * checker gives to the overload it chose.
 */
final class Operators {

  private static final Map<String, Function<List<Node>, Node>> BY_OVERLOAD = new HashMap<>();

  private Operators() {}

  static {
    arithmetic();
    comparisons();
    conversions();
    strings();
  }

  private static void arithmetic() {
    ints("add_int64", (a, b) -> e -> Numbers.add(a.get(e), b.get(e)));
    ints("subtract_int64", (a, b) -> e -> Numbers.subtract(a.get(e), b.get(e)));
    ints("multiply_int64", (a, b) -> e -> Numbers.multiply(a.get(e), b.get(e)));
    ints("divide_int64", (a, b) -> e -> Numbers.divide(a.get(e), b.get(e)));
    ints("modulo_int64", (a, b) -> e -> Numbers.modulo(a.get(e), b.get(e)));
    toInt("negate_int64", LongNode.class, a -> e -> Numbers.negate(a.get(e)));
    doubles("add_double", (a, b) -> e -> a.get(e) + b.get(e));
    doubles("subtract_double", (a, b) -> e -> a.get(e) - b.get(e));
    doubles("multiply_double", (a, b) -> e -> a.get(e) * b.get(e));
    doubles("divide_double", (a, b) -> e -> a.get(e) / b.get(e));
    toDouble("negate_double", DoubleNode.class, a -> e -> -a.get(e));
  }

  private static void comparisons() {
    Class<LongNode> ints = LongNode.class;
    condition("less_int64", ints, (a, b) -> e -> a.get(e) < b.get(e));
    condition("less_equals_int64", ints, (a, b) -> e -> a.get(e) <= b.get(e));
    condition("greater_int64", ints, (a, b) -> e -> a.get(e) > b.get(e));
    condition("greater_equals_int64", ints, (a, b) -> e -> a.get(e) >= b.get(e));
    Class<DoubleNode> doubles = DoubleNode.class;
    condition("less_double", doubles, (a, b) -> e -> a.get(e) < b.get(e));
    condition("less_equals_double", doubles, (a, b) -> e -> a.get(e) <= b.get(e));
    condition("greater_double", doubles, (a, b) -> e -> a.get(e) > b.get(e));
    condition("greater_equals_double", doubles, (a, b) -> e -> a.get(e) >= b.get(e));
    Class<TimestampNode> times = TimestampNode.class;
    condition("less_timestamp", times, (a, b) -> e -> a.millis(e) < b.millis(e));
    condition("less_equals_timestamp", times, (a, b) -> e -> a.millis(e) <= b.millis(e));
    condition("greater_timestamp", times, (a, b) -> e -> a.millis(e) > b.millis(e));
    condition("greater_equals_timestamp", times, (a, b) -> e -> a.millis(e) >= b.millis(e));
    Class<StringNode> strings = StringNode.class;
    condition("less_string", strings, (a, b) -> e -> a.get(e).compareTo(b.get(e)) < 0);
    condition("less_equals_string", strings, (a, b) -> e -> a.get(e).compareTo(b.get(e)) <= 0);
    condition("greater_string", strings, (a, b) -> e -> a.get(e).compareTo(b.get(e)) > 0);
    condition("greater_equals_string", strings, (a, b) -> e -> a.get(e).compareTo(b.get(e)) >= 0);
    define("logical_not", BooleanNode.class, a -> (BooleanNode) e -> !a.test(e));
  }

  private static void conversions() {
    toInt("int64_to_int64", LongNode.class, a -> a);
    toInt("double_to_int64", DoubleNode.class, a -> e -> Numbers.toLong(a.get(e)));
    toInt("string_to_int64", StringNode.class, a -> e -> Numbers.parseLong(a.get(e)));
    toInt("timestamp_to_int64", TimestampNode.class, a -> e -> Math.floorDiv(a.millis(e), 1_000L));
    toDouble("double_to_double", DoubleNode.class, a -> a);
    toDouble("int64_to_double", LongNode.class, a -> e -> a.get(e));
    toDouble("string_to_double", StringNode.class, a -> e -> Numbers.parseDouble(a.get(e)));
    toString("string_to_string", StringNode.class, a -> a);
    toString("int64_to_string", LongNode.class, a -> e -> Long.toString(a.get(e)));
    toString("double_to_string", DoubleNode.class, a -> e -> Double.toString(a.get(e)));
    toString("bool_to_string", BooleanNode.class, a -> e -> Boolean.toString(a.test(e)));
    toString(
        "timestamp_to_string",
        TimestampNode.class,
        a -> e -> Instant.ofEpochMilli(a.millis(e)).toString());
  }

  private static void strings() {
    Class<StringNode> strings = StringNode.class;
    define("add_string", strings, strings, (a, b) -> (StringNode) e -> a.get(e) + b.get(e));
    condition("contains_string", strings, (a, b) -> e -> a.get(e).contains(b.get(e)));
    condition("starts_with_string", strings, (a, b) -> e -> a.get(e).startsWith(b.get(e)));
    condition("ends_with_string", strings, (a, b) -> e -> a.get(e).endsWith(b.get(e)));
    for (String size : List.of("size_string", "string_size")) {
      toInt(size, strings, a -> e -> codePoints(a.get(e)));
    }
    for (String size : List.of("size_bytes", "bytes_size")) {
      toInt(size, BytesNode.class, a -> e -> a.get(e).length);
    }
  }

  private static long codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * @throws NotCompiled when there is no closure for it
   */
  static Node apply(String overload, List<Node> arguments) {
    Function<List<Node>, Node> operator = BY_OVERLOAD.get(overload);
    if (operator == null) {
      throw new NotCompiled();
    }
    return operator.apply(arguments);
  }

  private static void ints(String overload, BiFunction<LongNode, LongNode, LongNode> operator) {
    define(overload, LongNode.class, LongNode.class, operator);
  }

  private static void doubles(
      String overload, BiFunction<DoubleNode, DoubleNode, DoubleNode> operator) {
    define(overload, DoubleNode.class, DoubleNode.class, operator);
  }

  private static <A extends Node> void condition(
      String overload, Class<A> type, BiFunction<A, A, BooleanNode> operator) {
    define(overload, type, type, operator);
  }

  private static <A extends Node> void toInt(
      String overload, Class<A> type, Function<A, LongNode> operator) {
    define(overload, type, operator);
  }

  private static <A extends Node> void toDouble(
      String overload, Class<A> type, Function<A, DoubleNode> operator) {
    define(overload, type, operator);
  }

  private static <A extends Node> void toString(
      String overload, Class<A> type, Function<A, StringNode> operator) {
    define(overload, type, operator);
  }

  private static <A extends Node> void define(
      String overload, Class<A> type, Function<A, ? extends Node> operator) {
    BY_OVERLOAD.put(overload, arguments -> operator.apply(cast(type, arguments.get(0))));
  }

  private static <A extends Node, B extends Node> void define(
      String overload, Class<A> a, Class<B> b, BiFunction<A, B, ? extends Node> operator) {
    BY_OVERLOAD.put(
        overload,
        arguments -> operator.apply(cast(a, arguments.get(0)), cast(b, arguments.get(1))));
  }

  /** A dyn argument may have another type than the overload says: only the interpreter knows. */
  static <A extends Node> A cast(Class<A> type, Node node) {
    if (!type.isInstance(node)) {
      throw new NotCompiled();
    }
    return type.cast(node);
  }
}
