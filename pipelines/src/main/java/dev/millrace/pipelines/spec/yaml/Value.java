package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.DurationText;
import dev.millrace.pipelines.spec.Place;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.secret.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A part of the tree with its path; each method reads it as one kind of thing or says why not. */
final class Value {

  private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String COLUMN_FORM = "a column's name of letters, digits and '_'";
  private static final Pattern FIELD = Pattern.compile(COLUMN + "(\\." + COLUMN + ")*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  private final Reading reading;
  private final String path;
  private final Tree tree;

  Value(Reading reading, String path, Tree tree) {
    this.reading = reading;
    this.path = path;
    this.tree = tree;
    reading.remember(path, tree.place());
  }

  String text() {
    if (tree instanceof Tree.Text text && !text.text().isBlank()) {
      return text.text();
    }
    throw expected("text");
  }

  /** Text that may be empty or blank. */
  String anyText() {
    if (tree instanceof Tree.Text text) {
      return text.text();
    }
    throw expected("text");
  }

  /** {@code 50%} as 50. */
  int percent() {
    if (tree instanceof Tree.Text text && text.text().matches("([1-9]\\d?|100)%")) {
      return Integer.parseInt(text.text().replace("%", ""));
    }
    throw expected("a share from 1% to 100%");
  }

  /** A word that may stand in an expression as the name of a column. */
  String column() {
    return matching(COLUMN, COLUMN_FORM);
  }

  /** A column's name, or the path to one within records. */
  String field() {
    return matching(FIELD, COLUMN_FORM + ", or a path of them");
  }

  /** A word that may become part of file, step and metric names. */
  String name() {
    return matching(NAME, "a name of letters, digits, '-' and '_'");
  }

  /** A file or a glob, made absolute; a URI is left as it is. */
  String path() {
    String text = text();
    if (text.contains("://")) {
      return text;
    }
    // Who types a path on the command line thinks of the folder they are in, not of the spec's.
    Path base = tree.place().isInFile() ? reading.folder() : Path.of("").toAbsolutePath();
    try {
      return base.resolve(text).normalize().toString();
    } catch (InvalidPathException e) {
      throw expected("a path");
    }
  }

  int number(int least, int most) {
    String expected = "a whole number from " + least + " to " + most;
    if (!(tree instanceof Tree.Text text) || !text.text().matches("-?\\d{1,10}")) {
      throw expected(expected);
    }
    long number = Long.parseLong(text.text());
    if (number < least || number > most) {
      throw expected(expected);
    }
    return (int) number;
  }

  Duration duration() {
    try {
      return DurationText.parse(tree instanceof Tree.Text text ? text.text() : "");
    } catch (IllegalArgumentException e) {
      throw expected(DurationText.FORMS);
    }
  }

  <E extends Enum<E>> E choice(Class<E> type) {
    String text = text();
    List<String> accepted = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = word(constant);
      if (word.equals(text)) {
        return constant;
      }
      accepted.add(word);
    }
    throw expected("one of " + String.join(", ", accepted) + Section.didYouMean(text, accepted));
  }

  /** {@code SINGLE_OBJECT} as {@code singleObject}. */
  private static String word(Enum<?> constant) {
    return Pattern.compile("_(.)")
        .matcher(constant.name().toLowerCase(Locale.ROOT))
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  /** A list, each item read in the same way; the problems of all items are reported. */
  <T> List<T> list(Function<Value, T> item) {
    if (!(tree instanceof Tree.Items list)) {
      throw expected("a list");
    }
    List<Supplier<T>> parts = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      Value value = new Value(reading, path + "." + i, list.items().get(i));
      parts.add(() -> item.apply(value));
    }
    return all(parts);
  }

  /**
   * A map from column names that the author chooses, in order; all problems are reported. A column
   * that is null is left out.
   */
  <T> Map<String, T> columns(Function<Value, T> each) {
    Map<String, Supplier<T>> parts = new LinkedHashMap<>();
    entries("a map from column names")
        .forEach(
            (name, entry) -> {
              Value value = new Value(reading, path + "." + name, entry.value());
              if (!value.isLeftOut()) {
                parts.put(name, () -> each.apply(value.under(name, entry.keyPlace())));
              }
            });
    List<T> values = all(List.copyOf(parts.values()));
    Map<String, T> columns = new LinkedHashMap<>();
    parts.keySet().forEach(name -> columns.put(name, values.get(columns.size())));
    return columns;
  }

  /**
   * Settings of a library, passed through. Their names hold dots, so a map within stands for a
   * longer name: that lets an override reach {@code settings.max.poll.records}.
   */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    entries("a map of settings").forEach((key, entry) -> flatten(key, entry.value(), settings));
    return settings;
  }

  private void flatten(String name, Tree setting, Map<String, String> into) {
    Value value = new Value(reading, path + "." + name, setting);
    if (setting instanceof Tree.Entries map) {
      map.entries().forEach((key, entry) -> flatten(name + "." + key, entry.value(), into));
    } else if (into.put(name, value.text()) != null) {
      throw value.expected("it once");
    }
  }

  /** A map that may hold these keys and no others. */
  Section section(String... keys) {
    return section(List.of(keys));
  }

  Section section(List<String> keys) {
    return new Section(reading, this, keys, entries("a map with " + String.join(", ", keys)));
  }

  /** A map that must hold exactly one of these keys. */
  Section.Chosen oneOf(Collection<String> keys) {
    List<String> accepted = List.copyOf(keys);
    return alternatives(accepted).exactlyOne(accepted);
  }

  /** A map that is to hold one of these words, and may hold other keys beside it. */
  Section alternatives(List<String> words, String... beside) {
    List<String> accepted = new ArrayList<>(words);
    accepted.addAll(List.of(beside));
    return new Section(
        reading, this, accepted, entries("a map with one of " + String.join(", ", words)));
  }

  /** Builds what checks itself; its complaint is reported at this value's place. */
  <T> T checked(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw problem(String.valueOf(e.getMessage()));
    }
  }

  /** Where a secret is to be had. Whatever else is written here is not repeated. */
  String secret() {
    String text = text();
    try {
      return Secret.of(text).reference();
    } catch (IllegalArgumentException e) {
      throw problem(e.getMessage() + forPath());
    }
  }

  boolean isText() {
    return tree instanceof Tree.Text;
  }

  boolean isText(String word) {
    return tree instanceof Tree.Text text && text.text().equals(word);
  }

  boolean isList() {
    return tree instanceof Tree.Items;
  }

  boolean isLeftOut() {
    return tree instanceof Tree.Nothing nothing && nothing.writtenOut();
  }

  String pathOfKey(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The path as the end of a sentence; nothing for the spec as a whole. */
  String forPath() {
    return path.isEmpty() ? "" : " for " + path;
  }

  SpecException expected(String expected) {
    return problem("found " + tree.describe() + ", expected " + expected + forPath());
  }

  SpecException problem(String problem) {
    return new SpecException(tree.place(), problem);
  }

  private Value under(String column, Place keyPlace) {
    if (!COLUMN.matcher(column).matches()) {
      throw new SpecException(keyPlace, "found the name '" + column + "', expected " + COLUMN_FORM);
    }
    return this;
  }

  private String matching(Pattern pattern, String expected) {
    if (tree instanceof Tree.Text text && pattern.matcher(text.text()).matches()) {
      return text.text();
    }
    throw expected(expected);
  }

  private Map<String, Tree.Entry> entries(String expected) {
    if (tree instanceof Tree.Entries map) {
      return map.entries();
    }
    throw expected(expected);
  }

  private <T> List<T> all(List<Supplier<T>> parts) {
    List<T> values = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Supplier<T> part : parts) {
      try {
        values.add(part.get());
      } catch (SpecException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new SpecException(problems);
    }
    return values;
  }
}
