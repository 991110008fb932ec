package dev.millrace.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** SHA-256 of the files of a model's version. */
public final class Checksums {

  private Checksums() {}

  /**
   * The checksum of every file below {@code folder}, by its path there with forward slashes; the
   * model card itself is left out, because it is what holds the checksums.
   */
  public static SortedMap<String, String> of(Path folder) {
    SortedMap<String, String> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (!name.equals(ModelCard.FILE)) {
          sums.put(name, ofFile(file));
        }
      }
    } catch (IOException e) {
      throw new ModelException(folder + ": the model's files cannot be read: " + e, e);
    }
    return sums;
  }

  /**
   * One checksum over all of a version's files: equal when, and only when, all names and contents
   * are.
   */
  public static String combined(SortedMap<String, String> sums) {
    MessageDigest digest = sha256();
    sums.forEach((name, sum) -> digest.update((sum + "  " + name + "\n").getBytes(UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  static String ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
