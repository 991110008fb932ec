package dev.millrace.transforms.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The bytes that stand before an Avro record and say which schema wrote it. Sources: Confluent's
 * wire format (a zero byte and the registry's id, big-endian) and the Avro specification's
 * single-object encoding (C3 01 and the CRC-64-AVRO fingerprint, little-endian).
 */
public final class AvroFrame {

  /** Confluent's first byte. */
  public static final byte MAGIC = 0;

  /** How long Confluent's frame is. */
  public static final int CONFLUENT_LENGTH = 5;

  /** How long the frame of a single object is. */
  public static final int SINGLE_OBJECT_LENGTH = 10;

  private AvroFrame() {}

  /** Confluent's frame for a schema that the registry knows by {@code id}. */
  public static byte[] confluent(int id) {
    return ByteBuffer.allocate(CONFLUENT_LENGTH).put(MAGIC).putInt(id).array();
  }

  /** The single-object frame, for readers that know the schema by its fingerprint. */
  public static byte[] singleObject(Schema schema) {
    return ByteBuffer.allocate(SINGLE_OBJECT_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xc3)
        .put((byte) 0x01)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  /**
   * How many bytes of a framed value are its frame.
   *
   * @throws IllegalArgumentException when it has none
   */
  public static int lengthOf(byte[] value) {
    if (value.length >= CONFLUENT_LENGTH && value[0] == MAGIC) {
      return CONFLUENT_LENGTH;
    }
    if (value.length >= SINGLE_OBJECT_LENGTH && value[0] == (byte) 0xc3 && value[1] == 0x01) {
      return SINGLE_OBJECT_LENGTH;
    }
    throw new IllegalArgumentException(
        "found %d bytes without a frame, expected 0x00 or 0xc3 0x01 before them"
            .formatted(value.length));
  }
}
