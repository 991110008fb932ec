package dev.millrace.transforms.event;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * Where a record was read: enough to find it again, and unique within its transport.
 *
 * @param transport {@code kafka}, {@code files}
 * @param source the topic, or the file
 * @param partition the partition, 0 where the transport has none
 * @param position the offset, or the line or record number in a file, from 1
 */
public record Origin(String transport, String source, int partition, long position)
    implements Serializable {

  /** The origin of an event that no transport delivered, as in a test. */
  public static final Origin NONE = new Origin("none", "", 0, 0);

  /** {@code transport:source/partition@position}, as shown to people. */
  @Override
  public String toString() {
    return transport + ":" + source + "/" + partition + "@" + position;
  }

  /** Appends this origin to {@code out}; {@link #read} is its inverse. */
  public void write(DataOutput out) throws IOException {
    out.writeUTF(transport);
    out.writeUTF(source);
    out.writeInt(partition);
    out.writeLong(position);
  }

  /** Reads what {@link #write} wrote. */
  public static Origin read(DataInput in) throws IOException {
    return new Origin(in.readUTF(), in.readUTF(), in.readInt(), in.readLong());
  }
}
