package dev.millrace.transforms.expression;

import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What CEL's compiler found wrong with an expression, in the words of who wrote it. */
final class Complaint {

  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '(\\w+)'.*");
  private static final Pattern OVERLOAD =
      Pattern.compile(
          "found no matching overload for '(.+)' applied to '(.+)' \\(candid.*: (.*)\\)");
  private static final Pattern NOT_A_TOKEN =
      Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
  private static final Pattern UNEXPECTED =
      Pattern.compile(
          "(?:mismatched|extraneous) input '(.*)' expecting (.*)|missing (.*) at '(.*)'",
          Pattern.DOTALL);
  private static final Pattern SELECTION =
      Pattern.compile("type '(.*)' does not support field selection");
  private static final Pattern LITERAL =
      Pattern.compile("(\\w+) validation failed\\. Reason: (?:evaluation error.*?: )?(.*)");

  private static final Pattern NUMBER = Pattern.compile("For input string: \"(.*)\"");

  private static final Map<String, String> OTHER_LANGUAGES =
      Map.of("=", "==", "&", "&&", "|", "||", "and", "&&", "or", "||", "not", "!", "is", "==");

  private final String source;
  private final EventLayout layout;

  Complaint(String source, EventLayout layout) {
    this.source = source;
    this.layout = layout;
  }

  /** An expression whose result no column can hold. */
  static ExpressionException aboutResult(String source, CelType type) {
    String hint = type.kind() == CelKind.DURATION ? "; (...).getSeconds() is an int" : "";
    return new ExpressionException(
        source,
        0,
        "found a result of type %s, expected bool, int, double, string, bytes or timestamp%s"
            .formatted(Signature.readable(type.name()), hint));
  }

  ExpressionException about(CelIssue issue) {
    String message = issue.getMessage();
    int offset = offset(issue.getSourceLocation());
    Matcher match = UNDECLARED.matcher(message);
    if (match.matches()) {
      return undeclared(match.group(1), offset);
    }
    match = OVERLOAD.matcher(message);
    if (match.matches()) {
      return complain(offset, overload(match));
    }
    match = NOT_A_TOKEN.matcher(message);
    if (match.matches()) {
      return complain(offset, notAToken(match.group(1)));
    }
    match = UNEXPECTED.matcher(message);
    if (match.matches()) {
      return complain(offset, unexpected(match.toMatchResult(), offset));
    }
    match = SELECTION.matcher(message);
    if (match.matches()) {
      return complain(
          offset,
          "found a field of %s, which has none; expected an operator or a function call"
              .formatted(Signature.readable(match.group(1))));
    }
    match = LITERAL.matcher(message);
    if (match.matches()) {
      return complain(offset, "found no %s: %s".formatted(match.group(1), match.group(2)));
    }
    match = NUMBER.matcher(message);
    if (match.matches()) {
      return complain(offset, "found %s, expected a number of 64 bits".formatted(match.group(1)));
    }
    return complain(offset, message);
  }

  ExpressionException aboutPattern(CelSourceLocation place, String problem) {
    return complain(offset(place), "found no regular expression (RE2): " + problem);
  }

  private ExpressionException complain(int offset, String problem) {
    return new ExpressionException(source, offset, problem);
  }

  private int offset(CelSourceLocation place) {
    int start = 0;
    for (int line = 1; line < place.getLine(); line++) {
      start = source.indexOf('\n', start) + 1;
    }
    // CEL counts characters beyond the basic plane once.
    int left = source.codePointCount(start, source.length());
    int column = Math.max(0, Math.min(place.getColumn(), left));
    return source.offsetByCodePoints(start, column);
  }

  private ExpressionException undeclared(String name, int offset) {
    if (source.startsWith("(", offset)) {
      int start = Math.max(0, source.lastIndexOf(name, offset));
      return complain(start, "found function '%s', expected %s".formatted(name, function(name)));
    }
    return complain(offset, "found '%s', expected %s".formatted(name, column(name)));
  }

  private static String function(String name) {
    List<String> functions =
        Stream.concat(
                Arrays.stream(StandardFunction.values()).map(f -> f.functionDecl().name()),
                Stream.of("lowerAscii", "upperAscii", "substring", "replace", "trim", "indexOf"))
            .filter(function -> function.matches("[a-zA-Z]+"))
            .distinct()
            .sorted()
            .toList();
    String hint = Suggestion.didYouMean(name, functions);
    return "a function of CEL" + (hint.isEmpty() ? ": " + String.join(", ", functions) : hint);
  }

  private String column(String name) {
    List<String> columns = layout.columns().stream().map(Column::name).toList();
    String hint = Suggestion.didYouMean(name, columns);
    return "a column%s; the columns: %s%s"
        .formatted(
            hint,
            String.join(", ", columns),
            hint.isEmpty() ? "; text is written in quotes: '" + name + "'" : "");
  }

  private static String overload(MatchResult match) {
    return Signature.mismatch(match.group(1), match.group(2), match.group(3));
  }

  private static String notAToken(String found) {
    String token = found.strip();
    if (token.startsWith("\"") || token.startsWith("'")) {
      return "found text without its closing quote: %s".formatted(token);
    }
    return "found '%s', expected %s".formatted(token, operatorFor(token, "an operator or a value"));
  }

  private String unexpected(MatchResult match, int offset) {
    boolean missing = match.group(1) == null;
    String found = missing ? match.group(4) : match.group(1);
    String expected = missing ? match.group(3) : expectation(match.group(2));
    // CEL takes "not" for a column, and fails at what follows; of "<>" it fails at the second half.
    String before = source.substring(0, offset).strip();
    if (before.equals("not")) {
      return "found 'not', expected '!'";
    }
    if (before.endsWith("<") && found.equals(">")) {
      return "found '<>', expected '!='";
    }
    String shown = found.equals("<EOF>") ? "the end of the expression" : "'" + found + "'";
    return "found %s, expected %s".formatted(shown, operatorFor(found, expected));
  }

  private static String operatorFor(String found, String otherwise) {
    String operator = OTHER_LANGUAGES.get(found.toLowerCase(Locale.ROOT));
    return operator == null ? otherwise : "'" + operator + "'";
  }

  /** CEL lists every token that could follow. */
  private static String expectation(String tokens) {
    if (tokens.contains("IDENTIFIER")) {
      return "a value";
    }
    return tokens.contains("<EOF>") ? "an operator or the end of the expression" : tokens;
  }
}
