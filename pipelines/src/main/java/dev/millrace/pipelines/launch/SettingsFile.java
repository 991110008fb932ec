package dev.millrace.pipelines.launch;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Settings in YAML as Flink's {@code config.yaml} has them: {@code a.b: 1}, or {@code a} with
 * {@code b} in it, which is the same; a list is its items with semicolons between.
 */
public final class SettingsFile {

  private SettingsFile() {}

  /**
   * All settings of a file, by their whole name and in its order.
   *
   * @throws UncheckedIOException when it cannot be read
   * @throws IllegalArgumentException when it is not a map in YAML
   */
  public static Map<String, String> read(Path file) {
    try (Reader text = Files.newBufferedReader(file)) {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      if (root != null && !(root instanceof Map)) {
        throw new IllegalArgumentException(
            "%s: found no map, expected settings as in a config.yaml".formatted(file));
      }
      Map<String, String> settings = new LinkedHashMap<>();
      flatten("", root, settings);
      return settings;
    } catch (YAMLException e) {
      throw new IllegalArgumentException(
          "%s: found no YAML, expected settings: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: found no readable file, expected settings".formatted(file), e);
    }
  }

  /** Writes settings so that they can be read again, here and by Flink. */
  public static void write(Map<String, String> settings, Path file) throws IOException {
    Files.writeString(file, new Yaml().dump(settings));
  }

  private static void flatten(String path, @Nullable Object value, Map<String, String> into) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> flatten(path.isEmpty() ? "" + key : path + "." + key, each, into));
    } else if (value instanceof List<?> list) {
      into.put(path, list.stream().map(String::valueOf).collect(Collectors.joining(";")));
    } else if (value != null) {
      into.put(path, value.toString());
    }
  }
}
