package dev.millrace.models;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Which model made a prediction.
 *
 * @param name the model's name, as its card or else its folder gives it
 * @param version the version folder's name, such as {@code 3} or {@code 00000123}; {@code
 *     unversioned} for a model that lies in no version folder
 * @param checksum SHA-256 over all of the version's files, in hexadecimal
 */
public record ModelVersion(String name, String version, String checksum) implements Serializable {

  public ModelVersion {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(checksum, "checksum");
  }

  /**
   * Which model lies at {@code folder}: as its card says, or for a foreign model as its place and
   * its files do.
   */
  public static ModelVersion at(Path folder) {
    return ModelCard.read(folder)
        .map(ModelCard::modelVersion)
        .orElseGet(
            () ->
                new ModelVersion(
                    VersionDirectory.modelName(folder),
                    VersionDirectory.versionName(folder),
                    Checksums.combined(Checksums.of(folder))));
  }

  /** Short and readable, such as {@code card-fraud/3 (9f86d081884c)}. */
  @Override
  public String toString() {
    return name
        + "/"
        + version
        + " ("
        + checksum.substring(0, Math.min(12, checksum.length()))
        + ")";
  }
}
