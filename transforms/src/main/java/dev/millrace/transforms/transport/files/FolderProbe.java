package dev.millrace.transforms.transport.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.transport.LaunchQuestion;
import dev.millrace.transforms.transport.S3Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/** Looks, at launch, whether files can be written to a folder. */
public final class FolderProbe {

  private static final String EXPECTED = "expected a folder that can be written to";

  private FolderProbe() {}

  /**
   * Writes a file and takes it away again.
   *
   * @param folder with a slash at its end, on any of Beam's file systems
   * @throws IllegalArgumentException with what to do, when it cannot, or not within 20 s
   */
  public static void check(String folder) {
    try {
      boolean unused =
          LaunchQuestion.ask(
              "folder " + folder,
              () -> {
                write(folder);
                return true;
              });
    } catch (ExecutionException e) {
      throw refused(folder, "found none that can be written (%s)".formatted(e.getCause()), e);
    } catch (TimeoutException e) {
      String found = "found no answer in %d s".formatted(LaunchQuestion.PATIENCE.toSeconds());
      throw refused(folder, found, e);
    }
  }

  private static IllegalArgumentException refused(String folder, String found, Exception cause) {
    return new IllegalArgumentException(
        "files '%s': %s"
            .formatted(
                folder, S3Failure.of(folder, cause).orElse("%s, %s".formatted(found, EXPECTED))),
        cause);
  }

  private static void write(String folder) throws IOException {
    ResourceId probe = FileSystems.matchNewResource(folder + ".probe." + UUID.randomUUID(), false);
    try (WritableByteChannel channel = FileSystems.create(probe, "text/plain")) {
      int unused = channel.write(ByteBuffer.wrap("millrace".getBytes(UTF_8)));
    }
    FileSystems.delete(List.of(probe));
  }
}
