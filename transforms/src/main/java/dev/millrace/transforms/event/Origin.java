package dev.millrace.transforms.event;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * Where a record was read: enough to find it again, and unique within its transport.
 *
 * @param transport {@code kafka}, {@code pubsub}, {@code kinesis}, {@code files}
 * @param source the topic, the subscription, the stream, or the file
 * @param partition the partition or shard, 0 where the transport has none
 * @param position the offset, or the line or record number in a file, from 1; of Kinesis, the
 *     number among the user records of one record; 0 where the transport has none
 * @param message what the transport calls the record where that is no number: Pub/Sub's message id,
 *     Kinesis' sequence number; else empty
 */
public record Origin(String transport, String source, int partition, long position, String message)
    implements Serializable {

  /** The origin of an event that no transport delivered, as in a test. */
  public static final Origin NONE = new Origin("none", "", 0, 0);

  /** Of a record that is known by its position. */
  public Origin(String transport, String source, int partition, long position) {
    this(transport, source, partition, position, "");
  }

  /** {@code transport:source/partition@position}, or {@code @message.position}, for people. */
  @Override
  public String toString() {
    String place = transport + ":" + source + "/" + partition + "@";
    return message.isEmpty() ? place + position : place + message + "." + position;
  }

  /** Appends this origin to {@code out}; {@link #read} is its inverse. */
  public void write(DataOutput out) throws IOException {
    out.writeUTF(transport);
    out.writeUTF(source);
    out.writeInt(partition);
    out.writeLong(position);
    out.writeUTF(message);
  }

  /** Reads what {@link #write} wrote. */
  public static Origin read(DataInput in) throws IOException {
    return new Origin(in.readUTF(), in.readUTF(), in.readInt(), in.readLong(), in.readUTF());
  }
}
