package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as its time, origin, id and parts, and its attempt where it is not the first:
 * values are copied, not visited. It goes out and comes in as one block, because every call on a
 * runner's stream costs. It is a {@link SchemaCoder}, so that {@code Convert.toRows()}, {@code
 * SqlTransform} and any other schema-aware transform work on a collection of events.
 */
public final class EventCoder extends SchemaCoder<Event> {

  private static final int TIME = 0;
  private static final int POSITION = 8;
  private static final int PARTITION = 16;
  private static final int PLACE_AT = 20;
  private static final int PARTS_AT = 24;
  private static final int VERSION = 28;
  private static final int HEAD = 29;

  /** In the version of an event that was sent again: the attempt is behind the parts. */
  private static final int SENT_AGAIN = 0x80;

  private final EventLayout layout;

  // It has only final fields, so a race can at worst make another.
  private transient @Nullable OriginPlace lastPlace;

  private EventCoder(EventLayout layout) {
    super(layout.schema(), TypeDescriptor.of(Event.class), new ToRow(), new FromRow(layout));
    this.layout = layout;
  }

  public static EventCoder of(EventLayout layout) {
    return new EventCoder(layout);
  }

  public EventLayout layout() {
    return layout;
  }

  /**
   * The layout of a collection of events, for a stage that resolves its columns in {@code expand}.
   *
   * @throws IllegalArgumentException when the collection has no {@link EventCoder}
   */
  public static EventLayout layoutOf(PCollection<Event> events) {
    if (events.getCoder() instanceof EventCoder coder) {
      return coder.layout;
    }
    throw new IllegalArgumentException(
        "%s: found coder %s, expected an EventCoder: call setCoder(EventCoder.of(layout)) on it"
            .formatted(events.getName(), events.getCoder()));
  }

  @Override
  public void encode(Event event, OutputStream stream) throws IOException {
    byte[] bytes = new byte[length(event)];
    write(event, bytes, 0);
    VarInt.encode(bytes.length, stream);
    stream.write(bytes);
  }

  @Override
  public Event decode(InputStream stream) throws IOException {
    byte[] bytes = new byte[VarInt.decodeInt(stream)];
    if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new EOFException("found the end within an event of %d bytes".formatted(bytes.length));
    }
    return read(bytes, 0);
  }

  /** How many bytes {@link #write} writes. */
  public int length(Event event) {
    byte[][] parts = event.parts();
    int length =
        HEAD + event.idUtf8().length + place(event.origin()).bytes().length + 4 * parts.length;
    for (byte[] part : parts) {
      length += part.length;
    }
    return event.attempt().isFirst() ? length : length + 4;
  }

  /** Writes an event into {@code bytes} from {@code start} on; it does not say where it ends. */
  public void write(Event event, byte[] bytes, int start) {
    Origin origin = event.origin();
    byte[] place = place(origin).bytes();
    byte[] id = event.idUtf8();
    int placeAt = HEAD + id.length;
    int partsAt = placeAt + place.length;
    Column.LONGS.set(bytes, start + TIME, event.time());
    Column.LONGS.set(bytes, start + POSITION, origin.position());
    Column.INTS.set(bytes, start + PARTITION, origin.partition());
    Column.INTS.set(bytes, start + PLACE_AT, placeAt);
    Column.INTS.set(bytes, start + PARTS_AT, partsAt);
    boolean first = event.attempt().isFirst();
    bytes[start + VERSION] =
        (byte) (first ? EventLayout.VERSION : EventLayout.VERSION | SENT_AGAIN);
    System.arraycopy(id, 0, bytes, start + HEAD, id.length);
    System.arraycopy(place, 0, bytes, start + placeAt, place.length);
    int at = start + partsAt;
    for (byte[] part : event.parts()) {
      Column.INTS.set(bytes, at, part.length);
      System.arraycopy(part, 0, bytes, at + 4, part.length);
      at += 4 + part.length;
    }
    if (!first) {
      Column.INTS.set(bytes, at, event.attempt().written());
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws CoderException when another version of Millrace wrote it
   */
  public Event read(byte[] bytes, int start) throws CoderException {
    int placeAt = start + (int) Column.INTS.get(bytes, start + PLACE_AT);
    int partsAt = start + (int) Column.INTS.get(bytes, start + PARTS_AT);
    byte[] id = Arrays.copyOfRange(bytes, start + HEAD, placeAt);
    int version = bytes[start + VERSION] & (SENT_AGAIN - 1);
    if (version != EventLayout.VERSION) {
      throw new CoderException(
          "event %s: found layout version %d, expected %d"
              .formatted(new String(id, UTF_8), version, EventLayout.VERSION));
    }
    OriginPlace place = lastPlace();
    if (!place.isAt(bytes, placeAt, partsAt)) {
      place = OriginPlace.read(Arrays.copyOfRange(bytes, placeAt, partsAt));
      lastPlace = place;
    }
    Origin origin =
        new Origin(
            place.transport(),
            place.source(),
            (int) Column.INTS.get(bytes, start + PARTITION),
            (long) Column.LONGS.get(bytes, start + POSITION),
            place.message());
    byte[][] parts = new byte[layout.parts().size()][];
    int at = partsAt;
    for (int i = 0; i < parts.length; i++) {
      int end = at + 4 + (int) Column.INTS.get(bytes, at);
      parts[i] = Arrays.copyOfRange(bytes, at + 4, end);
      at = end;
    }
    Attempt attempt =
        bytes[start + VERSION] == EventLayout.VERSION
            ? Attempt.FIRST
            : Attempt.read((int) Column.INTS.get(bytes, at));
    long time = (long) Column.LONGS.get(bytes, start + TIME);
    return new Event(layout, id, time, origin, parts, attempt);
  }

  private OriginPlace place(Origin origin) {
    OriginPlace place = lastPlace();
    if (!place.isOf(origin)) {
      place = OriginPlace.of(origin);
      lastPlace = place;
    }
    return place;
  }

  private OriginPlace lastPlace() {
    OriginPlace last = lastPlace;
    return last == null ? OriginPlace.NONE : last;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventCoder that && layout.equals(that.layout);
  }

  @Override
  public int hashCode() {
    return layout.hashCode();
  }

  @Override
  public String toString() {
    return "EventCoder" + layout.columns();
  }

  private static final class ToRow implements SerializableFunction<Event, Row> {
    @Override
    public Row apply(Event event) {
      return event.toRow();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ToRow;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  private record FromRow(EventLayout layout) implements SerializableFunction<Row, Event> {
    @Override
    public Event apply(Row row) {
      return Event.fromRow(layout, row);
    }
  }
}
