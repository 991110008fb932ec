package dev.millrace.transforms.lookup;

import java.io.Serializable;
import java.util.function.UnaryOperator;

/**
 * What a key is part of: {@code customer:{key}}.
 *
 * @param text with {@code {key}} in it, once
 */
record KeyTemplate(String text) implements Serializable {

  static final String KEY = "{key}";

  KeyTemplate {
    if (text.indexOf(KEY) < 0 || text.indexOf(KEY) != text.lastIndexOf(KEY)) {
      throw new IllegalArgumentException(
          "found '%s', expected %s in it, once".formatted(text, KEY));
    }
  }

  String of(String key, UnaryOperator<String> written) {
    return text.replace(KEY, written.apply(key));
  }
}
