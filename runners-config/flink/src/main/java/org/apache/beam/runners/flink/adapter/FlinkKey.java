package org.apache.beam.runners.flink.adapter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.beam.runners.flink.translation.types.CoderTypeSerializer;
import org.apache.beam.runners.flink.translation.wrappers.streaming.FlinkKeyUtils;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.commons.codec.digest.MurmurHash3;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.Value;
import org.jspecify.annotations.Nullable;

/**
 * An encoded key, in the place of the Flink runner's class of the same name, which computes its
 * hash anew each time it is asked: five times for a record that has state, a tenth of all that the
 * record costs. This one remembers it. Hash, equality and encoding are those of Beam 2.70.0, so
 * that a savepoint of either is read by the other; RATIONALE.md, "Why is a class of Beam
 * replaced?".
 */
public final class FlinkKey implements Value {

  /** That of Beam's class, which a savepoint or a job's configuration may name. */
  private static final long serialVersionUID = -1_949_641_075_464_445_858L;

  private static final CoderTypeSerializer<byte[]> SERIALIZER =
      new CoderTypeSerializer<>(ByteArrayCoder.of(), false);

  private byte[] encoded;
  private int hash;

  /** For Flink, which then calls {@link #read}. */
  public FlinkKey() {
    this(new byte[0]);
  }

  private FlinkKey(byte[] encoded) {
    this.encoded = encoded;
    this.hash = hash(encoded);
  }

  /** The key whose encoding is the whole array behind {@code encoded}. */
  @SuppressWarnings("ByteBufferBackingArray") // so does the runner, which wraps whole arrays
  public static FlinkKey of(ByteBuffer encoded) {
    return new FlinkKey(encoded.array());
  }

  public static <K> FlinkKey of(K key, Coder<K> coder) {
    return key instanceof byte[] bytes && coder.equals(ByteArrayCoder.of())
        ? new FlinkKey(nested(bytes))
        : of(FlinkKeyUtils.encodeKey(key, coder));
  }

  /** What {@link ByteArrayCoder} writes, without a stream. */
  private static byte[] nested(byte[] key) {
    int prefix = VarInt.getLength(key.length);
    byte[] encoded = new byte[prefix + key.length];
    int length = key.length;
    for (int i = 0; i < prefix; i++, length >>>= 7) {
      encoded[i] = (byte) (i + 1 < prefix ? length | 0x80 : length);
    }
    System.arraycopy(key, 0, encoded, prefix, key.length);
    return encoded;
  }

  public ByteBuffer getSerializedKey() {
    return ByteBuffer.wrap(encoded);
  }

  public <K> K getKey(Coder<K> coder) {
    return FlinkKeyUtils.decodeKey(getSerializedKey(), coder);
  }

  @Override
  public void write(DataOutputView out) throws IOException {
    SERIALIZER.serialize(encoded, out);
  }

  @Override
  public void read(DataInputView in) throws IOException {
    encoded = SERIALIZER.deserialize(in);
    hash = hash(encoded);
  }

  private static int hash(byte[] encoded) {
    return (int) MurmurHash3.hash128x64(encoded, 0, encoded.length, 0)[0];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FlinkKey that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(encoded);
  }
}
