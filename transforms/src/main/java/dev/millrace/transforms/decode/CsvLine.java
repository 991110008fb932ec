package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits CSV lines (RFC 4180, without line breaks in values). Not thread-safe: the list it gives is
 * its own, and used again.
 */
public final class CsvLine {

  /** One value; {@code quoted} tells an empty text from none. */
  public record Cell(String text, boolean quoted) {}

  private final List<Cell> cells = new ArrayList<>();
  private final StringBuilder unquoted = new StringBuilder();

  /** The line's values, at least one. */
  public List<Cell> split(String line) throws UndecodableException {
    cells.clear();
    int from = 0;
    while (from <= line.length()) {
      if (from < line.length() && line.charAt(from) == '"') {
        from = quoted(line, from + 1);
      } else {
        int comma = line.indexOf(',', from);
        int end = comma < 0 ? line.length() : comma;
        cells.add(new Cell(line.substring(from, end), false));
        from = end + 1;
      }
    }
    return cells;
  }

  /** Reads from behind an opening quote to behind the next comma. */
  private int quoted(String line, int from) throws UndecodableException {
    unquoted.setLength(0);
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != '"') {
        unquoted.append(c);
      } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
        unquoted.append(c);
        i++;
      } else if (i + 1 == line.length() || line.charAt(i + 1) == ',') {
        cells.add(new Cell(unquoted.toString(), true));
        return i + 2;
      } else {
        throw malformed("text behind its closing quote", "a comma");
      }
    }
    throw malformed("no closing quote", "one on the same line");
  }

  private UndecodableException malformed(String found, String expected) {
    return new UndecodableException(
        Reason.MALFORMED,
        "column %d: found %s, expected %s".formatted(cells.size() + 1, found, expected));
  }
}
