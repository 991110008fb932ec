package dev.millrace.transforms.transport.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

class ClosedOnceTest {

  @Test
  void file_that_is_closed_by_each_who_holds_it_is_completed_once() throws IOException {
    Upload upload = new Upload();
    OutputStream out = Channels.newOutputStream(new ClosedOnce(upload));
    out.write(new byte[3]);
    out.close();
    out.close();
    new ClosedOnce(upload).close();
    assertThat(upload.bytes).isEqualTo(3);
  }

  /** As Beam's is: not to be closed again. */
  @Test
  void upload_of_this_test_fails_when_it_is_closed_again() throws IOException {
    Upload upload = new Upload();
    upload.close();
    assertThatThrownBy(upload::close).isInstanceOf(IOException.class);
  }

  private static final class Upload implements WritableByteChannel {
    private int bytes;
    private boolean open = true;

    @Override
    public int write(ByteBuffer from) {
      int written = from.remaining();
      bytes += written;
      from.position(from.limit());
      return written;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      if (!open) {
        throw new IOException("no such upload");
      }
      open = false;
    }
  }
}
