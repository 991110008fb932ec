package dev.millrace.pipelines.launch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one launch on Flink is decided by, each with who gave it. What is given later wins, so
 * that a command line stands above a profile; below both are the settings of the cluster.
 *
 * @param options of Beam's runner, by name
 * @param job Flink's settings that go with the job
 * @param cluster Flink's settings that the cluster has, which hold where the job has none
 */
public record LaunchSettings(
    Map<String, Given> options, Map<String, Given> job, Map<String, Given> cluster) {

  /**
   * One value.
   *
   * @param by who gave it, worded for a message
   */
  public record Given(String value, String by) {}

  public LaunchSettings {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    job = Collections.unmodifiableMap(new LinkedHashMap<>(job));
    cluster = Collections.unmodifiableMap(new LinkedHashMap<>(cluster));
  }

  public static LaunchSettings none() {
    return new LaunchSettings(Map.of(), Map.of(), Map.of());
  }

  public LaunchSettings withProfile(LaunchProfile profile) {
    String by = "profile " + profile.name();
    return withOptions(profile.options(), by).withJob(profile.flink(), by);
  }

  public LaunchSettings withOptions(Map<String, String> more, String by) {
    return new LaunchSettings(plus(options, more, by), job, cluster);
  }

  public LaunchSettings withJob(Map<String, String> more, String by) {
    return new LaunchSettings(options, plus(job, more, by), cluster);
  }

  public LaunchSettings withCluster(Map<String, String> more, String by) {
    return new LaunchSettings(options, job, plus(cluster, more, by));
  }

  /** An option's value; null when nobody gave one, and Beam's default holds. */
  public @Nullable String option(String name) {
    Given given = options.get(name);
    return given == null ? null : given.value();
  }

  /** The value of the first of Flink's names that is set; null when Flink's default holds. */
  public @Nullable String flink(String... names) {
    for (Map<String, Given> level : List.of(job, cluster)) {
      for (String name : names) {
        Given given = level.get(name);
        if (given != null) {
          return given.value();
        }
      }
    }
    return null;
  }

  /** The settings that go with the job, as a file of Flink has them. */
  public Map<String, String> jobValues() {
    Map<String, String> values = new LinkedHashMap<>();
    job.forEach((name, given) -> values.put(name, given.value()));
    return values;
  }

  private static Map<String, Given> plus(
      Map<String, Given> before, Map<String, String> more, String by) {
    Map<String, Given> all = new LinkedHashMap<>(before);
    more.forEach((name, value) -> all.put(name, new Given(value, by)));
    return all;
  }
}
