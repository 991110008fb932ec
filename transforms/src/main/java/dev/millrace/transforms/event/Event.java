package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way to a decision: the contract's fields, then one column per feature, then the
 * model's outputs, one byte array for what each stage added; beside them its id, its event time and
 * its origin, so that any failure can be traced and replayed. Immutable: nothing may write into
 * {@link #part} or {@link #idUtf8()}.
 *
 * <p>RATIONALE.md, "Why not Row?", says why it is not a {@link Row}; {@link #toRow} is the view at
 * the edges.
 */
public final class Event {

  private final EventLayout layout;
  private final byte[] id;
  private final long time;
  private final Origin origin;
  private final byte[][] parts;
  private final Attempt attempt;

  // Made when it is asked for; a race can at worst make another.
  private @Nullable String idText;

  Event(EventLayout layout, byte[] id, long time, Origin origin, byte[][] parts, Attempt attempt) {
    this.layout = layout;
    this.id = id;
    this.time = time;
    this.origin = origin;
    this.parts = parts;
    this.attempt = attempt;
  }

  public EventLayout layout() {
    return layout;
  }

  /** Unique to the event: a second event of the same id is the same event again. */
  public String id() {
    String known = idText;
    if (known == null) {
      known = new String(id, UTF_8);
      idText = known;
    }
    return known;
  }

  /** The same as UTF-8, as it is stored and sent. */
  public byte[] idUtf8() {
    return id;
  }

  /** When it happened, in milliseconds since 1970-01-01T00:00Z. */
  public long time() {
    return time;
  }

  /** This event, of another id (as UTF-8) and time. */
  public Event withIdentity(byte[] id, long time) {
    return new Event(layout, id, time, origin, parts, attempt);
  }

  /**
   * This event with columns behind its own.
   *
   * @param wider this event's layout with the columns of {@code added} {@linkplain EventLayout#plus
   *     added}
   */
  public Event with(EventLayout wider, EventPart added) {
    byte[][] all = Arrays.copyOf(parts, parts.length + 1);
    all[parts.length] = added.bytes();
    return new Event(wider, id, time, origin, all, attempt);
  }

  public Origin origin() {
    return origin;
  }

  /** How often it was sent into the pipeline. */
  public Attempt attempt() {
    return attempt;
  }

  /** This event, of another attempt. */
  public Event withAttempt(Attempt attempt) {
    return new Event(layout, id, time, origin, parts, attempt);
  }

  /** What a stage added, laid out as {@link EventLayout} says. */
  byte[] part(int part) {
    return parts[part];
  }

  byte[][] parts() {
    return parts;
  }

  /** The event as a Beam row of its layout's schema. */
  public Row toRow() {
    return new RowReader(this).row(layout.schema());
  }

  /** An event of a row; its id and time are read from the layout's identity columns. */
  public static Event fromRow(EventLayout layout, Row row) {
    EventBuilder builder = new EventBuilder(layout);
    for (Column column : layout.columns()) {
      builder.setValue(column, valueAt(row, column.name()));
    }
    Event event = builder.build(Origin.NONE);
    Column id = layout.id();
    Column time = layout.time();
    return event.withIdentity(
        id == null ? event.id : id.utf8(event), time == null ? 0 : time.getMillis(event));
  }

  private static @Nullable Object valueAt(Row row, String path) {
    Row around = row;
    int from = 0;
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
      Row nested = around.getRow(path.substring(from, dot));
      if (nested == null) {
        return null;
      }
      around = nested;
      from = dot + 1;
    }
    return around.getValue(path.substring(from));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Event that
        && time == that.time
        && Arrays.equals(id, that.id)
        && origin.equals(that.origin)
        && attempt.equals(that.attempt)
        && Arrays.deepEquals(parts, that.parts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(id) * 31 + Long.hashCode(time);
  }

  @Override
  public String toString() {
    return id() + "@" + java.time.Instant.ofEpochMilli(time) + " " + toRow().getValues();
  }
}
