package dev.millrace.transforms.transport.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A file that may be closed again, as every channel may by its contract: Beam's of S3 completes its
 * upload whenever it is closed, and the second time there is none.
 */
record ClosedOnce(WritableByteChannel file) implements WritableByteChannel {

  @Override
  public int write(ByteBuffer from) throws IOException {
    return file.write(from);
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    if (file.isOpen()) {
      file.close();
    }
  }
}
