package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class WholeFileTest {

  @Test
  void file_that_became_shorter_is_an_error_and_no_endless_read() {
    WholeFile file = new WholeFile("s3://bank/a", new Read(into -> 0));
    InputStream in = Channels.newInputStream(file);
    assertThatThrownBy(in::readAllBytes)
        .isInstanceOf(EOFException.class)
        .hasMessageStartingWith("s3://bank/a: found it shorter than it was said to be");
  }

  @Test
  void refusal_while_it_is_read_is_an_error_of_reading() {
    WholeFile file =
        new WholeFile(
            "s3://bank/a",
            new Read(
                into -> {
                  throw SdkClientException.create("Slow down");
                }));
    assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("Slow down");
  }

  @Test
  void whole_file_is_read_to_its_end() throws IOException {
    byte[] bytes = {1, 2, 3};
    WholeFile file =
        new WholeFile("s3://bank/a", Channels.newChannel(new ByteArrayInputStream(bytes)));
    assertThat(file.read(ByteBuffer.allocate(0))).isZero();
    assertThat(Channels.newInputStream(file).readAllBytes()).isEqualTo(bytes);
  }

  private interface Reading {
    int into(ByteBuffer buffer);
  }

  private record Read(Reading reading) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer into) {
      return reading.into(into);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
