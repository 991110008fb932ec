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

  private AvroFrame() {}

  /** Confluent's frame for a schema that the registry knows by {@code id}. */
  public static byte[] confluent(int id) {
    return ByteBuffer.allocate(CONFLUENT_LENGTH).put(MAGIC).putInt(id).array();
  }

  /** The single-object frame, for readers that know the schema by its fingerprint. */
  public static byte[] singleObject(Schema schema) {
    return ByteBuffer.allocate(10)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xc3)
        .put((byte) 0x01)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }
}
