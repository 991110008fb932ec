package dev.millrace.transforms.ingest;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.io.UnboundedSource;

/**
 * How far a reader of files has come.
 *
 * @param watermark in milliseconds
 * @param done by name, the version of each file that was read to its end
 * @param file that is being read; empty for none
 * @param version of it
 * @param records how many of it were read, each damaged part of it among them
 * @param damaged how many damaged parts these are
 */
record WatchMark(
    long watermark,
    Map<String, String> done,
    String file,
    String version,
    long records,
    long damaged)
    implements UnboundedSource.CheckpointMark {

  static final Coder CODER = new Coder();

  WatchMark {
    done = Map.copyOf(done);
  }

  @Override
  public void finalizeCheckpoint() {
    // Files are nobody's who would have to be told.
  }

  /** Writes a version byte, then all of it. */
  static final class Coder extends CustomCoder<WatchMark> {

    private static final int VERSION = 2;

    /** Of when a damaged part stopped the reader. */
    private static final int WITHOUT_DAMAGED = 1;

    @Override
    public void encode(WatchMark mark, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeByte(VERSION);
      out.writeLong(mark.watermark);
      out.writeInt(mark.done.size());
      for (Map.Entry<String, String> file : new TreeMap<>(mark.done).entrySet()) {
        out.writeUTF(file.getKey());
        out.writeUTF(file.getValue());
      }
      out.writeUTF(mark.file);
      out.writeUTF(mark.version);
      out.writeLong(mark.records);
      out.writeLong(mark.damaged);
    }

    @Override
    public WatchMark decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      byte version = in.readByte();
      if (version != VERSION && version != WITHOUT_DAMAGED) {
        throw new CoderException(
            "mark of a reader of files: found version %d, expected %d".formatted(version, VERSION));
      }
      long watermark = in.readLong();
      Map<String, String> done = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String file = in.readUTF();
        done.put(file, in.readUTF());
      }
      return new WatchMark(
          watermark,
          done,
          in.readUTF(),
          in.readUTF(),
          in.readLong(),
          version == WITHOUT_DAMAGED ? 0 : in.readLong());
    }

    @Override
    public void verifyDeterministic() {}
  }
}
