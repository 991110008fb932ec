package dev.millrace.transforms.event;

import java.util.Arrays;
import java.util.Objects;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way to a decision: the contract's fields, then one column per feature, then the
 * model's outputs, in one byte array; beside them its id, its event time and its origin, so that
 * any failure can be traced and replayed. Immutable: nothing may write into {@link #values()}.
 *
 * <p>RATIONALE.md, "Why not Row?", says why it is not a {@link Row}; {@link #toRow} is the view at
 * the edges.
 */
public final class Event {

  private final EventLayout layout;
  private final String id;
  private final long time;
  private final Origin origin;
  private final byte[] values;

  Event(EventLayout layout, String id, long time, Origin origin, byte[] values) {
    this.layout = layout;
    this.id = id;
    this.time = time;
    this.origin = origin;
    this.values = values;
  }

  public EventLayout layout() {
    return layout;
  }

  /** Unique to the event: a second event of the same id is the same event again. */
  public String id() {
    return id;
  }

  /** When it happened, in milliseconds since 1970-01-01T00:00Z. */
  public long time() {
    return time;
  }

  public Origin origin() {
    return origin;
  }

  byte[] values() {
    return values;
  }

  /** The columns as a Beam row. */
  public Row toRow() {
    Object[] row = new Object[layout.columns().size()];
    for (Column column : layout.columns()) {
      row[column.index()] = column.value(this);
    }
    return Row.withSchema(layout.schema()).attachValues(Arrays.asList(row));
  }

  /** An event of a row; its id and time are read from the layout's identity columns. */
  public static Event fromRow(EventLayout layout, Row row) {
    EventBuilder builder = new EventBuilder(layout);
    for (Column column : layout.columns()) {
      builder.setValue(column, row.getValue(column.index()));
    }
    Column id = layout.id();
    Column time = layout.time();
    Object identity = id == null ? "" : row.getValue(id.index());
    return builder.build(
        String.valueOf(identity),
        time == null ? 0 : row.<Instant>getValue(time.index()).getMillis(),
        Origin.NONE);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Event that
        && time == that.time
        && id.equals(that.id)
        && origin.equals(that.origin)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, time);
  }

  @Override
  public String toString() {
    return id + "@" + java.time.Instant.ofEpochMilli(time) + " " + toRow().getValues();
  }
}
