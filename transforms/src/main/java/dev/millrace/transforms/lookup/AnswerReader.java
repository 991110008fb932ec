package dev.millrace.transforms.lookup;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.EventPart;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes answers of records as a source has them. Not thread-safe. */
public final class AnswerReader {

  /** What became of a lookup, as its status column says it. */
  enum Status {
    FOUND,
    MISSING,
    FALLBACK
  }

  /** A record, however a source keeps it. */
  public interface Fields {
    /** The value of a field; null where it has none. */
    @Nullable Object get(String field);
  }

  private record Target(LookupColumn wanted, Column column) {}

  private final LookupColumns columns;
  private final List<Target> targets;
  private final @Nullable Column status;
  private final EventBuilder builder;

  public AnswerReader(LookupColumns columns) {
    this.columns = columns;
    EventLayout alone = EventLayout.of(columns.schema());
    this.targets =
        columns.columns().stream().map(c -> new Target(c, alone.column(c.name()))).toList();
    this.status = columns.status() == null ? null : alone.column(columns.status());
    this.builder = new EventBuilder(alone);
  }

  /** The fields that it reads of a record, each once. */
  public List<String> wanted() {
    return columns.wanted();
  }

  /** The answer of a record whose values have types, as one of JSON. */
  public Answer typed(Fields record) {
    return read(record, false);
  }

  /** The answer of a record whose values are all text, as a line of CSV. */
  public Answer text(Fields record) {
    return read(record, true);
  }

  /** All defaults. */
  EventPart defaults(Status why) {
    builder.clear();
    for (Target target : targets) {
      set(target, target.wanted.defaultValue());
    }
    return finish(why);
  }

  private Answer read(Fields record, boolean text) {
    builder.clear();
    for (Target target : targets) {
      LookupColumn wanted = target.wanted;
      Object found = record.get(wanted.field());
      Object value = wanted.defaultValue();
      if (found != null) {
        value = text ? wanted.type().ofText((String) found) : wanted.type().of(found);
      }
      if (value == null) {
        String what = found == null ? "none" : describe(found);
        return new Answer.Invalid(
            "field '%s': found %s, expected %s"
                .formatted(wanted.field(), what, wanted.type().expected()));
      }
      set(target, value);
    }
    return new Answer.Found(finish(Status.FOUND));
  }

  private EventPart finish(Status why) {
    if (status != null) {
      builder.setString(status, why.name());
    }
    return builder.buildPart();
  }

  private void set(Target target, @Nullable Object value) {
    builder.setValue(
        target.column,
        value instanceof Instant time
            ? org.joda.time.Instant.ofEpochMilli(time.toEpochMilli())
            : value);
  }

  /** What was found, without saying it. */
  private static String describe(Object value) {
    if (value instanceof CharSequence text) {
      return "text of %d characters".formatted(text.length());
    }
    return value instanceof Number || value instanceof Boolean
        ? "a value of type " + value.getClass().getSimpleName()
        : "something of type " + value.getClass().getSimpleName();
  }
}
