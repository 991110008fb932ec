package dev.millrace.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipelines.services.FlinkTaskManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * A minute of a soak.
 *
 * @param heapMb the least that the TaskManagers' heaps held: what collections do not free
 * @param residentMb memory of the TaskManagers' processes, at the end
 * @param threads of the TaskManagers, at the end
 * @param stateMb of the last checkpoint
 * @param p50 milliseconds from sending to decision
 * @param p99 the same
 */
record Minute(
    double heapMb, double residentMb, double threads, double stateMb, double p50, double p99) {

  private static final double MB = 1 << 20;

  /** Looks at a scene after a minute in which the heaps held {@code leastHeap} bytes at least. */
  static Minute of(Scene scene, double leastHeap) throws IOException {
    double resident = 0;
    double threads = 0;
    for (FlinkTaskManager one : scene.cluster().taskManagers()) {
      List<String> status = Files.readAllLines(Path.of("/proc", one.pid() + "", "status"));
      resident += number(status, "VmRSS:") / 1024;
      threads += number(status, "Threads:");
    }
    JsonNode last = scene.job().checkpointing().path("latest").path("completed");
    Histogram delays = scene.watch().last(60);
    return new Minute(
        leastHeap / MB,
        resident,
        threads,
        last.path("state_size").asDouble() / MB,
        delays.getValueAtPercentile(50) / 1000.0,
        delays.getValueAtPercentile(99) / 1000.0);
  }

  /** What the heaps of all TaskManagers hold now, garbage included, in bytes. */
  static double heap(Scene scene) throws IOException {
    double heap = 0;
    for (FlinkTaskManager one : scene.cluster().taskManagers()) {
      String metric = "/metrics?get=Status.JVM.Memory.Heap.Used";
      heap +=
          scene
              .cluster()
              .rest()
              .get("/taskmanagers/" + one.resourceId() + metric)
              .path(0)
              .path("value")
              .asDouble();
    }
    return heap;
  }

  private static double number(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(Double.NaN);
  }
}
