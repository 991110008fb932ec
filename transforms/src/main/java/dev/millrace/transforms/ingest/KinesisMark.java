package dev.millrace.transforms.ingest;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.io.UnboundedSource;

/**
 * How far a reader has come.
 *
 * @param watermark in milliseconds
 * @param read of each shard that was begun, the sequence number of the last record that was read,
 *     {@link #NOTHING}, or {@link #ALL}
 */
record KinesisMark(long watermark, Map<String, String> read)
    implements UnboundedSource.CheckpointMark {

  /** Of a shard of which nothing has been read. */
  static final String NOTHING = "";

  /** Of a shard that was read to its end. */
  static final String ALL = "all";

  static final Coder<KinesisMark> CODER = new MarkCoder();

  KinesisMark {
    read = Map.copyOf(read);
  }

  @Override
  public void finalizeCheckpoint() {
    // Kinesis does not ask how far it was read.
  }

  /** Writes a version byte, the watermark, and each shard with what was read of it. */
  private static final class MarkCoder extends CustomCoder<KinesisMark> {

    private static final int VERSION = 1;

    @Override
    public void encode(KinesisMark mark, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeByte(VERSION);
      out.writeLong(mark.watermark);
      out.writeInt(mark.read.size());
      for (Map.Entry<String, String> shard : new TreeMap<>(mark.read).entrySet()) {
        out.writeUTF(shard.getKey());
        out.writeUTF(shard.getValue());
      }
    }

    @Override
    public KinesisMark decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      byte version = in.readByte();
      if (version != VERSION) {
        throw new CoderException(
            "mark of a Kinesis reader: found version %d, expected %d".formatted(version, VERSION));
      }
      long watermark = in.readLong();
      Map<String, String> read = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String shard = in.readUTF();
        read.put(shard, in.readUTF());
      }
      return new KinesisMark(watermark, read);
    }

    @Override
    public void verifyDeterministic() {}
  }
}
