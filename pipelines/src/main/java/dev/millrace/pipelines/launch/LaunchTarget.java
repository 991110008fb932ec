package dev.millrace.pipelines.launch;

/** Where a pipeline is launched, as far as it matters to what can be promised. */
public enum LaunchTarget {
  /** Flink within the launcher's JVM: it ends with it, and its state too. */
  EMBEDDED,
  /** A cluster of its own processes. */
  CLUSTER
}
