package dev.millrace.transforms.ingest;

import dev.millrace.transforms.deadletter.Reason;
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

/**
 * Writes a raw record as a version byte, its origin, timestamp, key, payload and attributes. What
 * has a fault has a version of its own, so that records are written as they were before there were
 * faults.
 */
public final class RawRecordCoder extends CustomCoder<RawRecord> {

  private static final int VERSION = 3;
  private static final int WITH_FAULT = 4;

  /** Of records that may still wait in state. */
  private static final int WITHOUT_MESSAGE = 2;

  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final ByteArrayCoder PAYLOAD = ByteArrayCoder.of();
  private static final Coder<byte[]> KEY = NullableCoder.of(PAYLOAD);
  private static final Coder<Map<String, byte[]>> ATTRIBUTES = MapCoder.of(TEXT, PAYLOAD);

  private RawRecordCoder() {}

  public static RawRecordCoder of() {
    return new RawRecordCoder();
  }

  @Override
  public void encode(RawRecord record, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    RawRecord.Fault fault = record.fault();
    out.writeByte(fault == null ? VERSION : WITH_FAULT);
    record.origin().write(out);
    out.writeLong(record.timestamp());
    KEY.encode(record.key(), stream);
    PAYLOAD.encode(record.payload(), stream);
    ATTRIBUTES.encode(record.attributes(), stream);
    if (fault != null) {
      TEXT.encode(fault.reason().name(), stream);
      TEXT.encode(fault.message(), stream);
    }
  }

  @Override
  public RawRecord decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    byte version = in.readByte();
    if (version < WITHOUT_MESSAGE || version > WITH_FAULT) {
      throw new CoderException(
          "raw record: found version %d, expected %d or %d"
              .formatted(version, VERSION, WITH_FAULT));
    }
    Origin origin =
        version == WITHOUT_MESSAGE
            ? new Origin(in.readUTF(), in.readUTF(), in.readInt(), in.readLong())
            : Origin.read(in);
    long timestamp = in.readLong();
    byte[] key = KEY.decode(stream);
    byte[] payload = PAYLOAD.decode(stream);
    RawRecord record = new RawRecord(origin, timestamp, key, payload, ATTRIBUTES.decode(stream));
    return version == WITH_FAULT
        ? record.withFault(
            new RawRecord.Fault(Reason.valueOf(TEXT.decode(stream)), TEXT.decode(stream)))
        : record;
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
