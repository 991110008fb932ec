package dev.millrace.pipelines.launch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipelines.launch.LaunchCheck.Promise;
import dev.millrace.pipelines.services.FlinkRest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One launch on Flink: a profile, what the command line says over it, and where it goes.
 *
 * <pre>{@code
 * FlinkLaunch.of(runnersConfig, "latency", Map.of("flinkMaster", "host:8081"), Map.of(), null)
 *     .askingTheCluster()
 *     .findings(promise);
 * }</pre>
 *
 * @param master as Beam has it: HOST:PORT, or in brackets for no cluster
 * @param folder of the cluster's configuration where a cluster itself is the launcher, else null
 */
public record FlinkLaunch(
    LaunchProfile profile, LaunchSettings settings, String master, @Nullable Path folder) {

  private static final String AUTO = "[auto]";
  private static final String EXPECTED_VERSION = "1.19.";

  /**
   * Puts a launch together. What is given by hand stands above the profile.
   *
   * @param config the folder {@code runners-config/flink}
   * @param options of Beam, by hand
   * @param flink settings of Flink, by hand
   * @param environment the folder that {@code FLINK_CONF_DIR} names; set where Flink itself starts
   *     the launcher, as in an application cluster
   */
  public static FlinkLaunch of(
      Path config,
      String profileName,
      Map<String, String> options,
      Map<String, String> flink,
      @Nullable Path environment) {
    LaunchProfile profile = LaunchProfile.of(config.resolve("profiles"), profileName);
    String master = options.getOrDefault("flinkMaster", AUTO);
    LaunchSettings settings = LaunchSettings.none();
    boolean launchedByCluster = master.equals(AUTO) && environment != null;
    if (!isCluster(master) && !launchedByCluster) {
      settings =
          settings.withJob(
              LaunchProfile.settings(config.resolve("embedded.yaml")), "embedded.yaml");
    }
    if (isCluster(master)) {
      // The cluster has Flink and TensorFlow; the job brings the rest, and is left to itself.
      String jar = config.resolve("target").resolve("millrace-flink.jar").toString();
      settings =
          settings.withOptions(Map.of("filesToStage", jar, "attachedMode", "false"), "a cluster");
    }
    settings = settings.withProfile(profile);
    String byHand = options.get("flinkConfDir");
    if (byHand != null) {
      settings = settings.withJob(configuration(Path.of(byHand)), byHand);
    }
    settings = settings.withOptions(options, "command line").withJob(flink, "command line");
    return new FlinkLaunch(profile, settings, master, launchedByCluster ? environment : null);
  }

  /** The address of the cluster that the job is sent to; empty when there is none. */
  public Optional<String> cluster() {
    return Optional.of(master).filter(FlinkLaunch::isCluster);
  }

  public LaunchTarget target() {
    return isCluster(master) || folder != null ? LaunchTarget.CLUSTER : LaunchTarget.EMBEDDED;
  }

  /**
   * The same launch with what its cluster is configured with; as it is when there is none.
   *
   * @throws LaunchRefused when the cluster does not answer, or is of another version
   */
  public FlinkLaunch askingTheCluster() {
    if (folder != null) {
      return with(settings.withCluster(configuration(folder), folder.toString()));
    }
    if (!isCluster(master)) {
      return this;
    }
    try {
      FlinkRest cluster = FlinkRest.of(master);
      String version = cluster.get("/config").path("flink-version").asText();
      if (!version.startsWith(EXPECTED_VERSION)) {
        throw refused(
            "found Flink %s at %s, expected %sx".formatted(version, master, EXPECTED_VERSION),
            "run a cluster of the version that the job was built for");
      }
      Map<String, String> configured = new TreeMap<>();
      for (JsonNode entry : cluster.get("/jobmanager/config")) {
        configured.put(entry.path("key").asText(), entry.path("value").asText());
      }
      return with(settings.withCluster(configured, "the cluster at " + master));
    } catch (IOException | IllegalArgumentException e) {
      throw refused(
          "found no cluster at %s (%s)".formatted(master, e.getMessage()),
          "start one (millrace cluster start), or set --flinkMaster to its REST address");
    }
  }

  /** Where it contradicts what is promised; those that are refused first. */
  public List<LaunchFinding> findings(Promise promise) {
    return LaunchCheck.findings(profile, settings, target(), promise);
  }

  /** Beam's options as a command line has them, but for that of the configuration's folder. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    settings
        .options()
        .forEach(
            (name, given) -> {
              if (!name.equals("flinkConfDir")) {
                arguments.add("--%s=%s".formatted(name, given.value()));
              }
            });
    return arguments;
  }

  /** Every setting and who gave it, a line each. */
  public List<String> explanation() {
    List<String> lines = new ArrayList<>();
    lines.add("profile %s: %s".formatted(profile.name(), profile.about()));
    lines.add("  delivery: %s".formatted(profile.delivery().word()));
    settings.options().forEach((name, given) -> lines.add(line("--" + name, given)));
    settings.job().forEach((name, given) -> lines.add(line("-D" + name, given)));
    return lines;
  }

  private static String line(String name, LaunchSettings.Given given) {
    return "  %-70s %s".formatted(name + "=" + given.value(), given.by());
  }

  private FlinkLaunch with(LaunchSettings changed) {
    return new FlinkLaunch(profile, changed, master, folder);
  }

  private static boolean isCluster(String master) {
    return !master.startsWith("[");
  }

  private static LaunchRefused refused(String found, String remedy) {
    return new LaunchRefused(List.of(new LaunchFinding(true, found, remedy)));
  }

  /** Flink reads its older file first, where there is one. */
  private static Map<String, String> configuration(Path folder) {
    Path older = folder.resolve("flink-conf.yaml");
    return LaunchProfile.settings(Files.exists(older) ? older : folder.resolve("config.yaml"));
  }
}
