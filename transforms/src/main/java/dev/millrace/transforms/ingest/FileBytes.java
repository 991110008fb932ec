package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.apache.beam.sdk.io.Compression;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file, decompressed where its name says that it is compressed. Tells what can
 * never be decompressed, by a {@link DamagedException} behind the last byte that its decompressor
 * gives, from what its store could not give now, by any other exception.
 */
final class FileBytes extends InputStream {

  private final String file;
  private Stored stored;
  private @Nullable InputStream content;
  private long passed;
  private boolean oneByOne;

  FileBytes(String file) throws IOException {
    this.file = file;
    this.stored = Stored.open(file);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      int count = content().read(to, offset, oneByOne ? 1 : length);
      passed += Math.max(0, count);
      return count;
    } catch (IOException | RuntimeException e) {
      DamagedException damage = told(e);
      if (oneByOne || length == 1) {
        throw damage;
      }
    }
    // A decompressor keeps back what it had of a call that fails: it is asked for each byte alone.
    again();
    return read(to, offset, 1);
  }

  private void again() throws IOException {
    close();
    stored = Stored.open(file);
    oneByOne = true;
    try {
      content().skipNBytes(passed);
    } catch (IOException | RuntimeException e) {
      throw told(e);
    }
  }

  /**
   * The content's own failure.
   *
   * @throws IOException that is none of the content
   */
  private DamagedException told(Exception failure) throws IOException {
    boolean interrupted =
        failure instanceof ClosedChannelException || failure instanceof InterruptedIOException;
    if (stored.failed || interrupted) {
      throw failure instanceof IOException known ? known : new IOException(failure);
    }
    String found = "found nothing more that can be decompressed (%s)";
    return DamagedException.from(
        passed, new byte[0], found.formatted(DamagedException.cause(failure)), failure);
  }

  private InputStream content() throws IOException {
    InputStream known = content;
    if (known == null) {
      known = Channels.newInputStream(Compression.detect(file).readDecompressed(stored));
      content = known;
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    InputStream known = content;
    content = null;
    try (Stored own = stored) {
      if (known != null) {
        known.close();
      }
    }
  }

  /** The bytes as they are stored, and whether it was the store that failed. */
  private static final class Stored implements ReadableByteChannel {

    private final ReadableByteChannel channel;
    private boolean failed;

    private Stored(ReadableByteChannel channel) {
      this.channel = channel;
    }

    static Stored open(String file) throws IOException {
      return new Stored(WholeFile.open(file));
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      try {
        return channel.read(to);
      } catch (IOException | RuntimeException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
