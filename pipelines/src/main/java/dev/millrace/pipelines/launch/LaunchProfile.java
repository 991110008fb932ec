package dev.millrace.pipelines.launch;

import dev.millrace.pipelines.services.FlinkSettings;
import dev.millrace.pipelines.spec.SinkSpec.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What somebody wants of a pipeline on Flink, as settings: one file of {@code
 * runners-config/flink/profiles}.
 *
 * <pre>{@code
 * about: a decision within milliseconds
 * goal: 200 ms
 * delivery: atLeastOnce
 * options: { maxBundleTimeMills: 50 }
 * flink: { execution.buffer-timeout.interval: 1 ms }
 * }</pre>
 *
 * @param name the file's, without its ending
 * @param goal the milliseconds from an event to its decision that are promised; null for no promise
 * @param options of Beam's Flink runner, by name
 * @param flink settings of the job, by Flink's names
 */
public record LaunchProfile(
    String name,
    String about,
    @Nullable Long goal,
    Delivery delivery,
    Map<String, String> options,
    Map<String, String> flink) {

  private static final String ENDING = ".yaml";

  public LaunchProfile {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    flink = Collections.unmodifiableMap(new LinkedHashMap<>(flink));
  }

  /**
   * The profile of a name.
   *
   * @throws IllegalArgumentException when there is none, saying which there are
   */
  public static LaunchProfile of(Path folder, String name) {
    List<String> names = names(folder);
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "--profile: found '%s', expected one of %s".formatted(name, String.join(", ", names)));
    }
    return read(folder.resolve(name + ENDING));
  }

  /** The names of all profiles in a folder. */
  public static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: found no readable folder, expected launch profiles".formatted(folder), e);
    }
  }

  /**
   * All settings of a file, by their whole name.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  static Map<String, String> settings(Path file) {
    try {
      Map<String, String> settings = new TreeMap<>();
      FlinkSettings.read(file).values().forEach((name, value) -> settings.put(name, "" + value));
      return settings;
    } catch (IOException | YAMLException e) {
      throw new IllegalArgumentException(
          "%s: found no settings (%s), expected YAML as in Flink's config.yaml"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static LaunchProfile read(Path file) {
    Map<String, String> options = new LinkedHashMap<>();
    Map<String, String> flink = new LinkedHashMap<>();
    Map<String, String> head = new LinkedHashMap<>();
    settings(file)
        .forEach(
            (key, value) -> {
              if (key.startsWith("options.")) {
                options.put(key.substring("options.".length()), value);
              } else if (key.startsWith("flink.")) {
                flink.put(key.substring("flink.".length()), value);
              } else {
                head.put(key, value);
              }
            });
    String fileName = file.getFileName().toString();
    String goal = head.get("goal");
    return new LaunchProfile(
        fileName.substring(0, fileName.length() - ENDING.length()),
        head.getOrDefault("about", ""),
        goal == null ? null : FlinkDuration.millis(goal),
        delivery(head.getOrDefault("delivery", Delivery.AT_LEAST_ONCE.word()), file),
        options,
        flink);
  }

  private static Delivery delivery(String word, Path file) {
    return Stream.of(Delivery.values())
        .filter(delivery -> delivery.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: delivery: found '%s', expected atLeastOnce or exactlyOnce"
                        .formatted(file, word)));
  }
}
