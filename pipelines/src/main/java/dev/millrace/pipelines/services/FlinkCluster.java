package dev.millrace.pipelines.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A standalone Flink cluster on this machine: a JobManager and TaskManagers, each in a JVM of its
 * own, on 127.0.0.1, with the settings of {@code runners-config/flink/config.yaml}. Checkpoints and
 * savepoints lie in the work folder, so they outlive a killed JobManager.
 *
 * <pre>{@code
 * try (FlinkCluster cluster = FlinkCluster.in(folder).withTaskManagers(2).start()) {
 *   run("--flinkMaster=" + cluster.address());
 *   cluster.taskManager(0).kill();
 *   cluster.taskManager(0).restart();
 * }
 * }</pre>
 */
public final class FlinkCluster implements AutoCloseable {

  private final FlinkRest rest;
  private final Path folder;
  private final FlinkJobManager jobManager;
  private final List<FlinkTaskManager> taskManagers;

  private FlinkCluster(
      FlinkRest rest,
      Path folder,
      FlinkJobManager jobManager,
      List<FlinkTaskManager> taskManagers) {
    this.rest = rest;
    this.folder = folder;
    this.jobManager = jobManager;
    this.taskManagers = List.copyOf(taskManagers);
  }

  /** A cluster of one TaskManager with two slots, that keeps everything in a folder. */
  public static Plan in(Path workFolder) {
    return new Plan(workFolder.toAbsolutePath(), 1, 2, TaskManagerMemory.usual(), Map.of());
  }

  /** {@code host:port} of the JobManager, as {@code --flinkMaster} wants it. */
  public String address() {
    return rest.url().substring("http://".length());
  }

  /** The JobManager's REST API; its address is the web UI's. */
  public FlinkRest rest() {
    return rest;
  }

  /** Where the cluster keeps checkpoints. */
  public Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** Where the cluster keeps savepoints. */
  public Path savepoints() {
    return folder.resolve("savepoints");
  }

  /** The JobManager. */
  public FlinkJobManager jobManager() {
    return jobManager;
  }

  /** The TaskManager of this number, from 0. */
  public FlinkTaskManager taskManager(int number) {
    return taskManagers.get(number);
  }

  /** All TaskManagers. */
  public List<FlinkTaskManager> taskManagers() {
    return taskManagers;
  }

  /** Lets the processes live on when this JVM ends. */
  public void detach() {
    jobManager.detach();
    taskManagers.forEach(ServerProcess::detach);
  }

  @Override
  public void close() {
    taskManagers.forEach(ServerProcess::stop);
    jobManager.stop();
  }

  /**
   * What is to be started.
   *
   * @param settings Flink's, over those of {@code config.yaml}
   */
  public record Plan(
      Path folder,
      int taskManagers,
      int slots,
      TaskManagerMemory memory,
      Map<String, Object> settings) {

    /** Keeps a copy. */
    public Plan {
      settings = Map.copyOf(settings);
    }

    /** How many TaskManagers. */
    public Plan withTaskManagers(int number) {
      return new Plan(folder, number, slots, memory, settings);
    }

    /** How many tasks of a step each TaskManager runs. */
    public Plan withSlots(int number) {
      return new Plan(folder, taskManagers, number, memory, settings);
    }

    /** How much memory each TaskManager has. */
    public Plan withMemory(TaskManagerMemory each) {
      return new Plan(folder, taskManagers, slots, each, settings);
    }

    /** Flink's setting of this name; wins over {@code config.yaml}. */
    public Plan with(String name, Object value) {
      Map<String, Object> all = new HashMap<>(settings);
      all.put(name, value);
      return new Plan(folder, taskManagers, slots, memory, all);
    }

    /** Starts it, on a free port, and returns when every TaskManager has registered. */
    public FlinkCluster start() throws IOException {
      return FreePort.start(this::start);
    }

    /**
     * Starts it with the JobManager's REST API and web UI on this port.
     *
     * @throws PortTakenException when another program listens on it
     */
    public FlinkCluster start(int port) throws IOException {
      // Whoever is there could answer in the JobManager's place.
      FreePort.check(port);
      Files.createDirectories(folder);
      FlinkHome home = FlinkHome.ofThisProject();
      FlinkRest rest = FlinkRest.of("127.0.0.1:" + port);
      FlinkSettings all = home.settings().with(onThisMachine()).with(settings);
      FlinkJobManager jobManager = new FlinkJobManager(home, all, folder, rest);
      List<FlinkTaskManager> workers = new ArrayList<>();
      for (int i = 0; i < taskManagers; i++) {
        workers.add(new FlinkTaskManager(home, all, memory, folder, "taskmanager" + i, rest));
      }
      FlinkCluster cluster = new FlinkCluster(rest, folder, jobManager, workers);
      try {
        jobManager.launch();
        for (FlinkTaskManager worker : workers) {
          worker.launch();
        }
        return cluster;
      } catch (IOException | RuntimeException e) {
        cluster.close();
        throw e;
      }
    }

    private Map<String, Object> onThisMachine() throws IOException {
      Map<String, Object> own = new HashMap<>();
      for (String side : List.of("jobmanager.", "taskmanager.", "rest.")) {
        own.put(side + (side.equals("rest.") ? "bind-address" : "bind-host"), "127.0.0.1");
      }
      own.put("jobmanager.rpc.address", "127.0.0.1");
      own.put("jobmanager.rpc.port", FreePort.pick());
      own.put("rest.address", "127.0.0.1");
      own.put("taskmanager.host", "127.0.0.1");
      own.put("taskmanager.numberOfTaskSlots", slots);
      own.put("state.checkpoints.dir", folder.resolve("checkpoints").toUri().toString());
      own.put("state.savepoints.dir", folder.resolve("savepoints").toUri().toString());
      own.put("blob.storage.directory", folder.resolve("blobs").toString());
      return own;
    }
  }
}
