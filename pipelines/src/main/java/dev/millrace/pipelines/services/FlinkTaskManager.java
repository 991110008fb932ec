package dev.millrace.pipelines.services;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A TaskManager of a {@link FlinkCluster}. Each start is a new one to Flink, so a restart does not
 * wait until the one before is given up.
 */
public final class FlinkTaskManager extends ServerProcess {

  private static final String MAIN = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

  private final FlinkHome home;
  private final FlinkSettings settings;
  private final TaskManagerMemory memory;
  private final Path folder;
  private final String name;
  private final FlinkRest rest;
  private int starts;

  FlinkTaskManager(
      FlinkHome home,
      FlinkSettings settings,
      TaskManagerMemory memory,
      Path folder,
      String name,
      FlinkRest rest) {
    super("Flink's TaskManager " + name, folder.resolve(name + ".log"));
    this.home = home;
    this.settings = settings.with(memory.settings());
    this.memory = memory;
    this.folder = folder;
    this.name = name;
    this.rest = rest;
  }

  /** What Flink calls the TaskManager of the last start. */
  public String resourceId() {
    return name + "-" + starts;
  }

  @Override
  List<String> arguments() throws IOException {
    starts++;
    Path conf = folder.resolve(name + "-conf");
    settings
        .with(
            Map.of(
                "taskmanager.resource-id",
                resourceId(),
                "io.tmp.dirs",
                folder.resolve(name + "-tmp").toString()))
        .write(conf);
    List<String> all = new ArrayList<>(home.jvm(log()));
    all.addAll(memory.jvmOptions());
    all.addAll(List.of("-cp", home.classPath(), MAIN, "--configDir", conf.toString()));
    return all;
  }

  @Override
  boolean answers() throws IOException {
    for (JsonNode taskManager : rest.get("/taskmanagers").path("taskmanagers")) {
      if (taskManager.path("id").asText().equals(resourceId())) {
        return true;
      }
    }
    return false;
  }

  @Override
  String condition() {
    return "GET %s/taskmanagers names %s".formatted(rest.url(), resourceId());
  }
}
