package dev.millrace.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model's folder in TensorFlow Serving's layout: one subfolder per version, named by its number.
 *
 * <p>Leading zeros are allowed and kept ({@code 00000123}); anything that is not a number is
 * ignored. A version appears whole or not at all: {@link #publish} writes a sibling temporary
 * folder, forces it to disk and renames it.
 *
 * <pre>{@code
 * Path folder = VersionDirectory.at(Path.of("models/card-fraud")).latest();
 * }</pre>
 */
public final class VersionDirectory {

  private static final Comparator<Path> BY_NUMBER =
      Comparator.<Path, BigInteger>comparing(
              folder -> new BigInteger(folder.getFileName().toString()))
          .thenComparing(Path::getFileName);

  private final Path root;

  private VersionDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  public static VersionDirectory at(Path root) {
    return new VersionDirectory(root);
  }

  /**
   * The folder to load for a path that a user may give: the newest version of a model's folder, or
   * the path itself when it is a version or a bare SavedModel.
   *
   * @throws ModelException when there is nothing to load
   */
  public static Path resolve(Path path) {
    if (Files.exists(path.resolve("saved_model.pb"))
        || Files.exists(path.resolve(ModelCard.FILE))) {
      return path.toAbsolutePath().normalize();
    }
    return at(path).latest();
  }

  /**
   * The name of the model that lies at {@code folder}, by its place: the parent's name when the
   * folder is a version.
   */
  static String modelName(Path folder) {
    Path parent = folder.getParent();
    Path named =
        isVersion(folder) && parent != null && parent.getFileName() != null ? parent : folder;
    return nameOf(named);
  }

  /** The version of the model that lies at {@code folder}, by its place. */
  static String versionName(Path folder) {
    return isVersion(folder) ? nameOf(folder) : "unversioned";
  }

  /** The folders of all versions, the oldest (the smallest number) first. */
  public List<Path> versions() {
    if (!Files.isDirectory(root)) {
      throw ModelException.at(root, "no such folder", "a model's folder");
    }
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(VersionDirectory::isVersion)
          .filter(Files::isDirectory)
          .sorted(BY_NUMBER)
          .toList();
    } catch (IOException e) {
      throw new ModelException(root + ": the folder cannot be read: " + e, e);
    }
  }

  /** The folder of the newest version: the one with the largest number. */
  public Path latest() {
    List<Path> versions = versions();
    if (versions.isEmpty()) {
      throw ModelException.at(
          root, "no version", "a saved_model.pb, or a subfolder named by a version number");
    }
    return versions.get(versions.size() - 1);
  }

  /** The folder of one version; {@code 7} also finds {@code 007}. */
  public Optional<Path> version(long number) {
    BigInteger wanted = BigInteger.valueOf(number);
    return versions().stream().filter(v -> new BigInteger(nameOf(v)).equals(wanted)).findFirst();
  }

  /** The number after the newest version's; 1 in a folder that is empty or absent. */
  public long nextVersion() {
    if (!Files.isDirectory(root)) {
      return 1;
    }
    List<Path> versions = versions();
    return versions.isEmpty() ? 1 : new BigInteger(nameOf(latest())).longValueExact() + 1;
  }

  /** Writes a version's files into the folder it is given. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Publishes a version so that a reader sees all of it or nothing. When writing fails nothing is
   * left behind.
   *
   * @return the version's folder
   * @throws ModelException when the version is there already, or cannot be written
   */
  public Path publish(long version, Writer writer) {
    if (version < 0) {
      throw new ModelException("version: found " + version + ", expected a number from 0");
    }
    Path target = root.resolve(Long.toString(version));
    try {
      Files.createDirectories(root);
      if (version(version).isPresent()) {
        throw ModelException.at(root, "version " + version, "a version that is not there yet");
      }
      Path temporary = Files.createTempDirectory(root, ".publishing-" + version + "-");
      try {
        writer.writeTo(temporary);
        open(temporary);
        forceAll(temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        force(root);
      } finally {
        deleteAll(temporary);
      }
      return target;
    } catch (AtomicMoveNotSupportedException e) {
      throw ModelException.at(root, "a file system without atomic rename", "one with it");
    } catch (IOException | UncheckedIOException e) {
      throw new ModelException(target + ": the version cannot be written: " + e, e);
    }
  }

  private static boolean isVersion(Path folder) {
    return nameOf(folder).matches("[0-9]+");
  }

  private static String nameOf(Path folder) {
    Path name = folder.getFileName();
    return name == null ? "" : name.toString();
  }

  /** Temporary folders are private to their owner; a published version is for every reader. */
  private static void open(Path folder) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void forceAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        force(path);
      }
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
