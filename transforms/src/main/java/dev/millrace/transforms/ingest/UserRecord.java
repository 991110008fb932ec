package dev.millrace.transforms.ingest;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * What a producer calls a record. Amazon's Producer Library, and what aggregates as it does, packs
 * many into one record of Kinesis. Source: "Aggregation format" in the Kinesis Producer Library's
 * documentation: four bytes by which it is known, a message of Protocol Buffers, and its MD5.
 *
 * @param number among those of its record, from 0
 */
record UserRecord(String partitionKey, byte[] data, int number) {

  private static final byte[] MAGIC = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2};
  private static final int DIGEST = 16;

  private static final int KEY_OF_TABLE = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int RECORD = tag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int KEY_INDEX = tag(1, WireFormat.WIRETYPE_VARINT);
  private static final int DATA = tag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED);

  /** Those of a record: itself, where it is not of many. */
  static List<UserRecord> of(Record record) {
    byte[] bytes = record.data().asByteArrayUnsafe();
    if (isAggregated(bytes)) {
      try {
        return unpack(bytes);
      } catch (IOException e) {
        // It only looks so: what it is decoding will say.
      }
    }
    return List.of(new UserRecord(record.partitionKey(), bytes, 0));
  }

  private static boolean isAggregated(byte[] bytes) {
    int end = bytes.length - DIGEST;
    if (end < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return false;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(bytes, MAGIC.length, end - MAGIC.length);
      return Arrays.equals(digest.digest(), Arrays.copyOfRange(bytes, end, bytes.length));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  private static List<UserRecord> unpack(byte[] bytes) throws IOException {
    CodedInputStream in =
        CodedInputStream.newInstance(bytes, MAGIC.length, bytes.length - MAGIC.length - DIGEST);
    List<String> keys = new ArrayList<>();
    List<byte[]> packed = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == KEY_OF_TABLE) {
        keys.add(in.readStringRequireUtf8());
      } else if (tag == RECORD) {
        packed.add(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    List<UserRecord> records = new ArrayList<>(packed.size());
    for (byte[] each : packed) {
      records.add(record(each, keys, records.size()));
    }
    return records;
  }

  private static UserRecord record(byte[] bytes, List<String> keys, int number) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    long key = 0;
    byte[] data = {};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == KEY_INDEX) {
        key = in.readUInt64();
      } else if (tag == DATA) {
        data = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    if (key < 0 || key >= keys.size()) {
      throw new IOException("found key %d of %d".formatted(key, keys.size()));
    }
    return new UserRecord(keys.get((int) key), data, number);
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }
}
