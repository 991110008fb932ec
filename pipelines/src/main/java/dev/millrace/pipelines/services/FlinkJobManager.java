package dev.millrace.pipelines.services;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The JobManager of a {@link FlinkCluster}, with its web UI. */
public final class FlinkJobManager extends ServerProcess {

  private static final String MAIN =
      "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";

  private final FlinkHome home;
  private final FlinkSettings settings;
  private final Path folder;
  private final FlinkRest rest;

  FlinkJobManager(FlinkHome home, FlinkSettings settings, Path folder, FlinkRest rest) {
    super("Flink's JobManager", folder.resolve("jobmanager.log"));
    this.home = home;
    this.folder = folder;
    this.rest = rest;
    this.settings = settings.with(Map.of("rest.port", rest.port()));
  }

  @Override
  List<String> arguments() throws IOException {
    Path conf = folder.resolve("jobmanager-conf");
    settings.write(conf);
    List<String> all = new ArrayList<>(home.jvm(log()));
    all.add("-Xmx512m");
    all.addAll(List.of("-cp", home.classPath(), MAIN, "--configDir", conf.toString()));
    return all;
  }

  @Override
  boolean answers() throws IOException {
    rest.get("/overview");
    return true;
  }

  @Override
  String condition() {
    return "GET " + rest.url() + "/overview answers 200";
  }
}
