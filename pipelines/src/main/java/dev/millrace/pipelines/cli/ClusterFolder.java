package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.ServerProcess;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/**
 * Where a cluster that outlives its command keeps its data, and by which processes it is known: a
 * process is its own only if it was started when the cluster was, since ids are given again.
 */
final class ClusterFolder {

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.millrace/cluster",
      description = "Where it keeps its data and logs, by default ${DEFAULT-VALUE}.")
  private Path folder;

  @SuppressWarnings("NullAway.Init") // picocli sets folder
  ClusterFolder() {}

  Path path() {
    return folder.toAbsolutePath();
  }

  /** The processes of the cluster that still live, JobManager first. */
  List<ProcessHandle> living() throws IOException {
    Properties known = known();
    List<ProcessHandle> living = new ArrayList<>();
    for (int i = 0; known.containsKey("process." + i); i++) {
      String[] idAndStart = known.getProperty("process." + i).split("@", 2);
      ProcessHandle.of(Long.parseLong(idAndStart[0]))
          .filter(process -> start(process).equals(idAndStart[1]))
          .ifPresent(living::add);
    }
    return living;
  }

  /** {@code host:port} of the JobManager that was started here last. */
  Optional<String> address() throws IOException {
    return Optional.ofNullable(known().getProperty("address"));
  }

  void remember(FlinkCluster cluster) throws IOException {
    List<ServerProcess> processes = new ArrayList<>(List.of(cluster.jobManager()));
    processes.addAll(cluster.taskManagers());
    Properties known = new Properties();
    known.setProperty("address", cluster.address());
    for (int i = 0; i < processes.size(); i++) {
      long pid = processes.get(i).pid();
      String start = ProcessHandle.of(pid).map(ClusterFolder::start).orElse("");
      known.setProperty("process." + i, pid + "@" + start);
    }
    try (Writer writer = Files.newBufferedWriter(file())) {
      known.store(writer, null);
    }
  }

  private Properties known() throws IOException {
    Properties known = new Properties();
    if (Files.exists(file())) {
      try (Reader reader = Files.newBufferedReader(file())) {
        known.load(reader);
      }
    }
    return known;
  }

  private Path file() {
    return path().resolve("cluster.properties");
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }
}
