package dev.millrace.transforms.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;

/**
 * The tokens of one {@code .proto} text, one at a time, comments left out. Source: the Protocol
 * Buffers language specifications, "Lexical elements".
 */
final class ProtoTokens {

  enum Kind {
    WORD,
    INTEGER,
    DECIMAL,
    STRING,
    SYMBOL,
    END
  }

  /** A token, and where it stands in the text. */
  record Token(Kind kind, String text, int start, int end) {

    boolean is(String symbolOrWord) {
      return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbolOrWord);
    }
  }

  private final String file;
  private final char[] text;
  private Token next;
  private int behind;

  ProtoTokens(String file, String text) {
    this.file = file;
    this.text = text.toCharArray();
    this.next = scan(text.startsWith("\uFEFF") ? 1 : 0);
  }

  Token peek() {
    return next;
  }

  Token take() {
    Token taken = next;
    behind = taken.end();
    next = scan(taken.end());
    return taken;
  }

  boolean accept(String symbolOrWord) {
    if (!next.is(symbolOrWord)) {
      return false;
    }
    take();
    return true;
  }

  void expect(String symbolOrWord) {
    if (!accept(symbolOrWord)) {
      throw unexpected("'" + symbolOrWord + "'");
    }
  }

  String word(String expected) {
    return take(Kind.WORD, expected).text();
  }

  /** A name of words with dots between them; one in front makes it absolute. */
  String path(String expected) {
    StringBuilder path = new StringBuilder(accept(".") ? "." : "").append(word(expected));
    while (accept(".")) {
      path.append('.').append(word(expected));
    }
    return path.toString();
  }

  /** The bytes of a string, which may be written in pieces. */
  ByteString bytes(String expected) {
    ByteString bytes = ByteString.EMPTY;
    Token piece = take(Kind.STRING, expected);
    while (true) {
      try {
        String quoted = piece.text();
        bytes = bytes.concat(TextFormat.unescapeBytes(quoted.substring(1, quoted.length() - 1)));
      } catch (TextFormat.InvalidEscapeSequenceException e) {
        throw wrong(
            piece, "found a string with an escape that is none", "one such as \\n or \\x0a");
      }
      if (next.kind() != Kind.STRING) {
        return bytes;
      }
      piece = take();
    }
  }

  String string(String expected) {
    Token first = next;
    ByteString bytes = bytes(expected);
    if (!bytes.isValidUtf8()) {
      throw wrong(first, "found a string that is not UTF-8", expected);
    }
    return bytes.toStringUtf8();
  }

  /** The text from {@code start} to the last token taken, without its comments. */
  String since(Token start) {
    return new String(text, start.start(), behind - start.start());
  }

  Token take(Kind kind, String expected) {
    if (next.kind() != kind) {
      throw unexpected(expected);
    }
    return take();
  }

  IllegalArgumentException unexpected(String expected) {
    String found = next.text().length() > 40 ? next.text().substring(0, 40) + "..." : next.text();
    return wrong(
        next, next.kind() == Kind.END ? "found the end" : "found '" + found + "'", expected);
  }

  IllegalArgumentException wrong(Token at, String found, String expected) {
    return wrong(at.start(), found, expected);
  }

  private IllegalArgumentException wrong(int at, String found, String expected) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      line += text[i] == '\n' ? 1 : 0;
      column = text[i] == '\n' ? 1 : column + 1;
    }
    return new IllegalArgumentException(
        "%s:%d:%d: %s, expected %s".formatted(file, line, column, found, expected));
  }

  private Token scan(int from) {
    int start = from;
    while (start < text.length && (Character.isWhitespace(text[start]) || blankComment(start))) {
      start++;
    }
    if (start == text.length) {
      return new Token(Kind.END, "", start, start);
    }
    char first = text[start];
    if (isWord(first)) {
      return isDigit(first) ? number(start) : token(Kind.WORD, start, endOfWord(start));
    }
    if (first == '.' && start + 1 < text.length && isDigit(text[start + 1])) {
      return number(start);
    }
    return first == '"' || first == '\'' ? quoted(start) : token(Kind.SYMBOL, start, start + 1);
  }

  /** Writes spaces over a comment, so that {@link #since} gives values without them. */
  private boolean blankComment(int start) {
    int end;
    if (pair('/', '/', start)) {
      end = start;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
    } else if (pair('/', '*', start)) {
      end = start + 2;
      while (!pair('*', '/', end)) {
        if (++end >= text.length) {
          throw wrong(start, "found a comment without an end", "'*/'");
        }
      }
      end += 2;
    } else {
      return false;
    }
    for (int i = start; i < end; i++) {
      // Lines stay where they are, for messages.
      text[i] = text[i] == '\n' ? '\n' : ' ';
    }
    return true;
  }

  private Token quoted(int start) {
    for (int i = start + 1; i < text.length && text[i] != '\n'; i++) {
      if (text[i] == text[start]) {
        return token(Kind.STRING, start, i + 1);
      }
      i += text[i] == '\\' ? 1 : 0;
    }
    throw wrong(start, "found a string without an end", "a quote in the same line");
  }

  private Token number(int start) {
    int end = start;
    boolean exponent = false;
    boolean hex = pair('0', 'x', start) || pair('0', 'X', start);
    while (end < text.length
        && (isWord(text[end])
            || text[end] == '.'
            || (exponent && (text[end] == '+' || text[end] == '-')))) {
      exponent = !hex && (text[end] == 'e' || text[end] == 'E');
      end++;
    }
    String number = new String(text, start, end - start);
    // 64 bits have at most 23 digits; a number of a million would take minutes to convert.
    if (number.matches("(0[0-7]*|[1-9]\\d*|0[xX]\\p{XDigit}+)") && number.length() <= 24) {
      return token(Kind.INTEGER, start, end);
    }
    if (number.matches("(\\d++(\\.\\d*+)?|\\.\\d++)([eE][+-]?\\d++)?")) {
      return token(Kind.DECIMAL, start, end);
    }
    throw wrong(start, "found '" + number + "'", "a number");
  }

  private int endOfWord(int start) {
    int end = start;
    while (end < text.length && isWord(text[end])) {
      end++;
    }
    return end;
  }

  private Token token(Kind kind, int start, int end) {
    return new Token(kind, new String(text, start, end - start), start, end);
  }

  private boolean pair(char first, char second, int at) {
    return at + 1 < text.length && text[at] == first && text[at + 1] == second;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return isDigit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
