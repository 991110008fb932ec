package dev.millrace.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of 256 MB in memory, mounted at a folder, that can be filled to its last byte. */
final class SmallDisk implements AutoCloseable {

  private static final int CHUNK = 1 << 16;

  /** Says why there is none, as for anybody but root. */
  static final class NotToBeHad extends IOException {
    private static final long serialVersionUID = 1;

    NotToBeHad(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts it.
   *
   * @throws NotToBeHad saying why
   */
  static SmallDisk at(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder.toString());
    } catch (IOException e) {
      throw new NotToBeHad(e);
    }
    return new SmallDisk(folder);
  }

  void fill() throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(chunk);
      }
    } catch (IOException full) {
      if (Files.size(ballast()) == 0) {
        throw full;
      }
    }
  }

  void free() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }

  @Override
  public void close() {
    try {
      run("umount", "-l", folder.toString());
    } catch (IOException e) {
      System.err.println("millrace bench faults: " + e.getMessage());
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s: found exit code %d, expected 0: %s"
                .formatted(String.join(" ", command), process.exitValue(), said.strip()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + command[0], e);
    }
  }
}
