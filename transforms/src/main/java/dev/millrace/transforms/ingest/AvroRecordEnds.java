package dev.millrace.transforms.ingest;

import java.io.IOException;
import org.apache.avro.Schema;

/**
 * Finds where each record of a block ends, as the schema that wrote it says, and so whether the
 * block is what it should be, before any of it is believed: Avro's own reader allocates what a
 * length promises, and follows a count of items that take no bytes for ever.
 */
final class AvroRecordEnds {

  /** Deeper than any record that a contract takes. */
  private static final int DEEPEST = 500;

  private final byte[] bytes;
  private final int end;
  private int at;

  private AvroRecordEnds(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /**
   * The index behind each of {@code count} records.
   *
   * @throws IOException when they do not end where the bytes end
   */
  static int[] of(Schema schema, long count, byte[] bytes, int from, int end) throws IOException {
    if (count > end - from) {
      throw new IOException("found %d bytes for %d records".formatted(end - from, count));
    }
    AvroRecordEnds records = new AvroRecordEnds(bytes, from, end);
    int[] ends = new int[(int) count];
    for (int i = 0; i < ends.length; i++) {
      records.pass(schema, 0);
      ends[i] = records.at;
    }
    if (records.at != end) {
      throw new IOException(
          "found %d bytes behind the last of %d records".formatted(end - records.at, count));
    }
    return ends;
  }

  private void pass(Schema schema, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("found values nested deeper than %d levels".formatted(DEEPEST));
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> pass(1);
      case INT, LONG, ENUM -> number();
      case FLOAT -> pass(Float.BYTES);
      case DOUBLE -> pass(Double.BYTES);
      case FIXED -> pass(schema.getFixedSize());
      case STRING, BYTES -> pass(number());
      case UNION -> pass(schema.getTypes().get(branch(schema)), depth + 1);
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          pass(field.schema(), depth + 1);
        }
      }
      case ARRAY -> {
        for (long left = items(); left != 0; left = items()) {
          for (; left > 0; left--) {
            pass(schema.getElementType(), depth + 1);
          }
        }
      }
      case MAP -> {
        for (long left = items(); left != 0; left = items()) {
          for (; left > 0; left--) {
            pass(number());
            pass(schema.getValueType(), depth + 1);
          }
        }
      }
    }
  }

  private int branch(Schema union) throws IOException {
    long index = number();
    int size = union.getTypes().size();
    if (index < 0 || index >= size) {
      throw new IOException("found branch %d of a union of %d".formatted(index, size));
    }
    return (int) index;
  }

  /** How many follow; where their bytes are told too, those are not taken on trust. */
  private long items() throws IOException {
    long count = number();
    if (count < 0) {
      long unused = number();
      count = -count;
    }
    // None of a contract's items takes no bytes.
    if (count < 0 || count > end - at) {
      throw new IOException("found %d items in %d bytes".formatted(count, end - at));
    }
    return count;
  }

  private void pass(long count) throws IOException {
    if (count < 0 || count > end - at) {
      throw new IOException(
          "found a value of %d bytes where %d are left".formatted(count, end - at));
    }
    at += (int) count;
  }

  private long number() throws IOException {
    long zigzag = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      pass(1);
      byte next = bytes[at - 1];
      zigzag |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new IOException("found a number of more than 64 bits");
  }
}
