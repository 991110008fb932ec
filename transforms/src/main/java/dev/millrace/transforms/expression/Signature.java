package dev.millrace.transforms.expression;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How an operator or a function was called and how it can be, as people write it. */
final class Signature {

  private static final Pattern BINARY = Pattern.compile("_(.+)_");
  private static final Pattern UNARY = Pattern.compile("([-!])_");
  private static final String CONDITIONAL = "_?_:_";

  private Signature() {}

  /**
   * @param candidates {@code (int, int),(double, double)}, as CEL writes them
   */
  static String mismatch(String function, String arguments, String candidates) {
    String found = call(function, arguments);
    if (function.equals(CONDITIONAL)) {
      return "found %s, expected bool ? a : a with both results of one type%s"
          .formatted(found, numberHint(arguments));
    }
    if (function.equals("_==_") || function.equals("_!=_")) {
      String hint =
          arguments.contains("null")
              ? "; only a column that may be null can be compared with null"
              : numberHint(arguments);
      return "found %s, expected both sides of one type%s".formatted(found, hint);
    }
    if (function.equals("@in")) {
      return "found %s, expected a value and a list of its type%s"
          .formatted(found, numberHint(arguments));
    }
    List<String> possible =
        Arrays.stream(readable(candidates).split("(?<=\\)),(?! )"))
            .filter(candidate -> !candidate.contains("uint"))
            .toList();
    List<String> near = possible.stream().filter(c -> sharesType(readable(arguments), c)).toList();
    String expected =
        (near.isEmpty() ? possible : near)
            .stream().map(c -> call(function, c)).collect(Collectors.joining(" or "));
    return "found %s, expected %s%s".formatted(found, expected, numberHint(arguments));
  }

  /** Whether the first or the second argument is of the same type in both. */
  private static boolean sharesType(String arguments, String candidate) {
    String[] found = arguments.split("[^\\w]+", -1);
    String[] expected = candidate.split("[^\\w]+", -1);
    // Each starts with the receiver, empty for an operator.
    return found.length == expected.length
        && IntStream.range(0, found.length)
            .anyMatch(i -> !found[i].isEmpty() && found[i].equals(expected[i]));
  }

  /** {@code (a, b)} of an operator or a function, or {@code a.(b)} of a member function. */
  private static String call(String function, String arguments) {
    String readable = readable(arguments);
    int open = readable.indexOf('(');
    String receiver = readable.substring(0, open);
    String inner = readable.substring(open + 1, readable.length() - 1);
    String[] parts = inner.split(", ", -1);
    if (function.equals(CONDITIONAL) && parts.length == 3) {
      return parts[0] + " ? " + parts[1] + " : " + parts[2];
    }
    Matcher binary = BINARY.matcher(function.equals("@in") ? "_in_" : function);
    if (binary.matches() && parts.length == 2) {
      return parts[0] + " " + binary.group(1) + " " + parts[1];
    }
    Matcher unary = UNARY.matcher(function);
    if (unary.matches()) {
      return unary.group(1) + inner;
    }
    return receiver + function + "(" + inner + ")";
  }

  static String readable(String types) {
    return types
        .replace("google.protobuf.Timestamp", "timestamp")
        .replace("google.protobuf.Duration", "duration")
        .replaceAll("wrapper\\((\\w+)\\)", "$1")
        .replaceAll("(list|map)\\(%[^)]*\\)", "$1");
  }

  private static String numberHint(String arguments) {
    return arguments.matches(".*\\bint\\b.*") && arguments.matches(".*\\bdouble\\b.*")
        ? "; an int and a double do not mix: write 1.0 for 1, or double(x)"
        : "";
  }
}
