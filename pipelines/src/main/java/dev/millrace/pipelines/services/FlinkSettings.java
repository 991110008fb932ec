package dev.millrace.pipelines.services;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Flink's own configuration, by the full names of its options. Flink takes a {@code config.yaml}
 * nested or flat; here it is flat, so that one setting lies over another by its name.
 *
 * @param values text, numbers and the like, as YAML has them
 */
public record FlinkSettings(Map<String, Object> values) {

  /** Keeps a copy. */
  public FlinkSettings {
    values = Map.copyOf(values);
  }

  /** Reads a {@code config.yaml}. */
  public static FlinkSettings read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      Map<String, Object> flat = new TreeMap<>();
      flatten("", root, flat);
      return new FlinkSettings(flat);
    }
  }

  /** These, and {@code more} over them. */
  public FlinkSettings with(Map<String, ?> more) {
    Map<String, Object> all = new TreeMap<>(values);
    all.putAll(more);
    return new FlinkSettings(all);
  }

  /** Writes {@code config.yaml} into a folder, which is what Flink looks for. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.yaml"), new Yaml().dumpAsMap(new TreeMap<>(values)));
  }

  private static void flatten(String prefix, Object node, Map<String, Object> flat) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> flatten(prefix.isEmpty() ? "" + key : prefix + "." + key, value, flat));
    } else if (!prefix.isEmpty() && node != null) {
      flat.put(prefix, node);
    }
  }
}
