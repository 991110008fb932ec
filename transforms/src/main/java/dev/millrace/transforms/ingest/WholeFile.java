package dev.millrace.transforms.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The bytes of a file, to its end. Two ways of Beam's file system for S3 are mended here: it asks
 * for an object's size, and then for its bytes, and of one that became shorter in between it reads
 * nothing for ever, and no end; and what the service refuses it throws unchecked.
 */
record WholeFile(String file, ReadableByteChannel bytes) implements ReadableByteChannel {

  static WholeFile open(String file) throws IOException {
    try {
      return new WholeFile(file, FileSystems.open(FileSystems.matchNewResource(file, false)));
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int wanted = into.remaining();
    int read;
    try {
      read = bytes.read(into);
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (read == 0 && wanted > 0) {
      throw new EOFException(
          "%s: found it shorter than it was said to be, expected it not to change while it is read"
              .formatted(file));
    }
    return read;
  }

  @Override
  public boolean isOpen() {
    return bytes.isOpen();
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
