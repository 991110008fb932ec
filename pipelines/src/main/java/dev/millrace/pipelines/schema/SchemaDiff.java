package dev.millrace.pipelines.schema;

import dev.millrace.transforms.contract.ValueType.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What changed between two schemas, field by field. */
public final class SchemaDiff {

  /** What became of a field. */
  public enum Kind {
    ADDED,
    REMOVED,
    RENAMED,
    TYPE,
    NULL,
    SYMBOLS,
    DEFAULT
  }

  /**
   * One change.
   *
   * @param path in the new schema, or in the old one for what was removed
   * @param detail for people
   */
  public record Change(Kind kind, String path, String detail) {}

  private final List<Change> changes = new ArrayList<>();

  private SchemaDiff() {}

  /** The changes that make {@code after} out of {@code before}, in the order of its fields. */
  public static List<Change> between(List<SchemaField> before, List<SchemaField> after) {
    SchemaDiff diff = new SchemaDiff();
    diff.records(before, after);
    return List.copyOf(diff.changes);
  }

  private void records(List<SchemaField> before, List<SchemaField> after) {
    Set<SchemaField> kept = new HashSet<>();
    for (SchemaField field : after) {
      SchemaField old = field.among(before);
      if (old == null || !kept.add(old)) {
        add(Kind.ADDED, field, describe(field));
      } else {
        compare(old, field);
      }
    }
    for (SchemaField old : before) {
      if (!kept.contains(old)) {
        add(Kind.REMOVED, old, describe(old));
      }
    }
  }

  private void compare(SchemaField old, SchemaField field) {
    if (!old.name().equals(field.name())) {
      String by = field.number() > 0 && old.number() > 0 ? "number " + field.number() : "alias";
      add(Kind.RENAMED, field, "from %s, the same by %s".formatted(old.path(), by));
    }
    if (!old.type().equals(field.type())) {
      add(Kind.TYPE, field, "%s, was %s".formatted(field.type(), old.type()));
    }
    if (old.nullable() != field.nullable()) {
      add(Kind.NULL, field, field.nullable() ? "may be null" : "may not be null any more");
    }
    symbols(old, field);
    if (!Objects.equals(old.defaultText(), field.defaultText())) {
      add(Kind.DEFAULT, field, "%s, was %s".formatted(defaultOf(field), defaultOf(old)));
    }
    records(old.fields(), field.fields());
  }

  private void symbols(SchemaField old, SchemaField field) {
    Scalar is = field.scalar();
    Scalar was = old.scalar();
    if (is == null || was == null || is.symbols().isEmpty() || was.symbols().isEmpty()) {
      return;
    }
    List<String> all = new ArrayList<>();
    is.symbols().stream().filter(s -> !was.symbols().contains(s)).forEach(s -> all.add("+" + s));
    was.symbols().stream().filter(s -> !is.symbols().contains(s)).forEach(s -> all.add("-" + s));
    if (!Objects.equals(is.defaultSymbol(), was.defaultSymbol())) {
      all.add("%s for others, was %s".formatted(is.defaultSymbol(), was.defaultSymbol()));
    }
    if (!all.isEmpty()) {
      add(Kind.SYMBOLS, field, String.join(" ", all));
    }
  }

  private static String describe(SchemaField field) {
    return "%s%s, %s".formatted(field.type(), field.nullable() ? " or null" : "", defaultOf(field));
  }

  private static String defaultOf(SchemaField field) {
    return field.defaultText() == null ? "no default" : "default " + field.defaultText();
  }

  private void add(Kind kind, SchemaField field, String detail) {
    changes.add(new Change(kind, field.path(), detail));
  }
}
