package dev.millrace.pipelines.services;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a TaskManager's memory is divided. Flink's shell scripts derive the parts from one number and
 * start the JVM by them; without the scripts every part has to be said twice, to Flink and to the
 * JVM. See <a
 * href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/deployment/memory/mem_setup_tm/">Flink's
 * memory model</a>.
 *
 * @param heap of the tasks, in MiB: events in flight, and all keyed state on the heap back end
 * @param managed outside the heap, in MiB: RocksDB's caches
 */
public record TaskManagerMemory(int heap, int managed) {

  private static final int FRAMEWORK_HEAP = 128;
  private static final int FRAMEWORK_OFF_HEAP = 128;
  private static final int TASK_OFF_HEAP = 256;
  private static final int NETWORK = 128;
  private static final int METASPACE = 512;
  private static final int OVERHEAD = 256;

  /** A gigabyte of heap, half of that for RocksDB. */
  public static TaskManagerMemory usual() {
    return new TaskManagerMemory(1024, 512);
  }

  /** As Flink's settings. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("taskmanager.cpu.cores", 1.0);
    settings.put("taskmanager.memory.framework.heap.size", mb(FRAMEWORK_HEAP));
    settings.put("taskmanager.memory.framework.off-heap.size", mb(FRAMEWORK_OFF_HEAP));
    settings.put("taskmanager.memory.task.heap.size", mb(heap));
    settings.put("taskmanager.memory.task.off-heap.size", mb(TASK_OFF_HEAP));
    settings.put("taskmanager.memory.network.min", mb(NETWORK));
    settings.put("taskmanager.memory.network.max", mb(NETWORK));
    settings.put("taskmanager.memory.managed.size", mb(managed));
    settings.put("taskmanager.memory.jvm-metaspace.size", mb(METASPACE));
    settings.put("taskmanager.memory.jvm-overhead.min", mb(OVERHEAD));
    settings.put("taskmanager.memory.jvm-overhead.max", mb(OVERHEAD));
    return settings;
  }

  /** As options of the JVM. */
  List<String> jvmOptions() {
    int max = FRAMEWORK_HEAP + heap;
    return List.of(
        "-Xms" + max + "m",
        "-Xmx" + max + "m",
        "-XX:MaxDirectMemorySize=" + (FRAMEWORK_OFF_HEAP + TASK_OFF_HEAP + NETWORK) + "m",
        "-XX:MaxMetaspaceSize=" + METASPACE + "m");
  }

  private static String mb(int mebibytes) {
    return mebibytes + " mb";
  }
}
