package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.jspecify.annotations.Nullable;

/** Writes a raw record as a version byte, its origin, timestamp, key, payload and attributes. */
public final class RawRecordCoder extends CustomCoder<RawRecord> {

  private static final int VERSION = 3;

  /** Of records that may still wait in state. */
  private static final int WITHOUT_MESSAGE = 2;

  private static final ByteArrayCoder PAYLOAD = ByteArrayCoder.of();
  private static final Coder<byte[]> KEY = NullableCoder.of(ByteArrayCoder.of());
  private static final Coder<Map<String, byte[]>> ATTRIBUTES =
      MapCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of());

  private RawRecordCoder() {}

  public static RawRecordCoder of() {
    return new RawRecordCoder();
  }

  @Override
  public void encode(RawRecord record, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeByte(VERSION);
    record.origin().write(out);
    out.writeLong(record.timestamp());
    KEY.encode(record.key(), stream);
    PAYLOAD.encode(record.payload(), stream);
    ATTRIBUTES.encode(record.attributes(), stream);
  }

  @Override
  public RawRecord decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    byte version = in.readByte();
    if (version != VERSION && version != WITHOUT_MESSAGE) {
      throw new CoderException(
          "raw record: found version %d, expected %d".formatted(version, VERSION));
    }
    Origin origin =
        version == VERSION
            ? Origin.read(in)
            : new Origin(in.readUTF(), in.readUTF(), in.readInt(), in.readLong());
    long timestamp = in.readLong();
    byte[] key = KEY.decode(stream);
    byte[] payload = PAYLOAD.decode(stream);
    return new RawRecord(origin, timestamp, key, payload, ATTRIBUTES.decode(stream));
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "attributes have no order");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawRecordCoder;
  }

  @Override
  public int hashCode() {
    return RawRecordCoder.class.hashCode();
  }
}
