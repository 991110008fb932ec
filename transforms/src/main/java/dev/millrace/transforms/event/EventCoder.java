package dev.millrace.transforms.event;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as its id, time, origin and values: the values are copied, not visited. It is a
 * {@link SchemaCoder}, so that {@code Convert.toRows()}, {@code SqlTransform} and any other
 * schema-aware transform work on a collection of events.
 */
public final class EventCoder extends SchemaCoder<Event> {

  private final EventLayout layout;

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
    DataOutput out = new DataOutputStream(stream);
    out.writeUTF(event.id());
    out.writeLong(event.time());
    event.origin().write(out);
    VarInt.encode(event.values().length, stream);
    out.write(event.values());
  }

  @Override
  public Event decode(InputStream stream) throws IOException {
    DataInput in = new DataInputStream(stream);
    String id = in.readUTF();
    long time = in.readLong();
    Origin origin = Origin.read(in);
    byte[] values = new byte[VarInt.decodeInt(stream)];
    in.readFully(values);
    if (values[0] != EventLayout.VERSION) {
      throw new CoderException(
          "event %s: found layout version %d, expected %d"
              .formatted(id, values[0], EventLayout.VERSION));
    }
    return new Event(layout, id, time, origin, values);
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
