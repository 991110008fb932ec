package dev.millrace.pipelines.launch;

import dev.millrace.pipelines.spec.SinkSpec.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the settings of a launch contradict what is promised: that nothing is lost whatever
 * dies, and what the profile says. It connects to nothing; the cluster's settings are given.
 *
 * <p>Settings that lose something, or break the profile's goal, are refused; the rest is said.
 */
public final class LaunchCheck {

  private static final long LEAST_CONCURRENT_CHECKPOINTS = 4;

  /** Fewer than these, and a cluster that starts anew after a failure has no job any more. */
  private static final long ENOUGH_RESTARTS = 10;

  private static final long FOREVER = Long.MAX_VALUE;

  /** What a job must not bring along itself: native code is loaded once by a process. */
  private static final Set<String> PARENT_FIRST =
      Set.of("org.tensorflow", "org.bytedeco", "com.google.protobuf");

  private final LaunchProfile profile;
  private final LaunchSettings settings;
  private final LaunchTarget target;
  private final Promise promise;
  private final List<LaunchFinding> findings = new ArrayList<>();

  /**
   * What the specification asks of the launch.
   *
   * @param delivery of decisions
   * @param deadLetters how those are delivered
   * @param infers whether a model is called
   */
  public record Promise(Delivery delivery, Delivery deadLetters, boolean infers) {

    /** Whether anything is written exactly once, which rests on checkpoints. */
    boolean once() {
      return delivery == Delivery.EXACTLY_ONCE || deadLetters == Delivery.EXACTLY_ONCE;
    }
  }

  private LaunchCheck(
      LaunchProfile profile, LaunchSettings settings, LaunchTarget target, Promise promise) {
    this.profile = profile;
    this.settings = settings;
    this.target = target;
    this.promise = promise;
  }

  /** All findings, those that are refused first. */
  public static List<LaunchFinding> findings(
      LaunchProfile profile, LaunchSettings settings, LaunchTarget target, Promise promise) {
    LaunchCheck check = new LaunchCheck(profile, settings, target, promise);
    check.delivery();
    check.latency();
    check.checkpoints();
    check.restarts();
    check.scaling();
    check.options();
    if (target == LaunchTarget.CLUSTER) {
      check.storage();
      check.classLoading();
    } else {
      check.embedded();
    }
    List<LaunchFinding> all = new ArrayList<>(check.findings);
    all.sort((a, b) -> Boolean.compare(b.refused(), a.refused()));
    return List.copyOf(all);
  }

  private void delivery() {
    long buffers = number(settings.option("numConcurrentCheckpoints"), 1);
    if (promise.delivery() == Delivery.EXACTLY_ONCE && profile.goal() != null) {
      refuse(
          ("delivery exactlyOnce, which writes nothing before a checkpoint, under profile %s, which"
                  + " promises %d ms")
              .formatted(profile.name(), profile.goal()),
          "set --profile=exactly-once, or --set to.kafka.delivery=atLeastOnce (decisions carry"
              + " their event_id, by which a repeat is known)");
    } else if (promise.once() && buffers < LEAST_CONCURRENT_CHECKPOINTS) {
      refuse(
          ("numConcurrentCheckpoints %d under delivery exactlyOnce: the runner keeps one buffer more"
                  + " than that, and mixes them when a checkpoint fails or a savepoint is made")
              .formatted(buffers),
          "set --numConcurrentCheckpoints=16, or --profile=exactly-once, which does");
    }
    if (promise.delivery() != profile.delivery() && profile.delivery() == Delivery.EXACTLY_ONCE) {
      refuse(
          "delivery %s under profile %s, which promises exactlyOnce"
              .formatted(promise.delivery().word(), profile.name()),
          "set --set to.kafka.delivery=exactlyOnce (only a Kafka topic can be written so), or"
              + " another profile");
    }
  }

  private void latency() {
    if (profile.goal() == null) {
      return;
    }
    long bundle = number(settings.option("maxBundleTimeMills"), 1_000);
    if (bundle >= profile.goal()) {
      refuse(
          ("maxBundleTimeMills %d, for which an event waits in every stage that has a bundle, under"
                  + " profile %s, which promises %d ms")
              .formatted(bundle, profile.name(), profile.goal()),
          "set --maxBundleTimeMills=50, or --profile=throughput");
    }
    long buffer = duration(100, "execution.buffer-timeout.interval", "execution.buffer-timeout");
    if (buffer >= profile.goal()) {
      refuse(
          ("execution.buffer-timeout.interval %d ms, for which a record waits at every shuffle, under"
                  + " profile %s, which promises %d ms")
              .formatted(buffer, profile.name(), profile.goal()),
          "set -Dexecution.buffer-timeout.interval=1ms");
    }
  }

  private void checkpoints() {
    if (interval() == FOREVER) {
      String remedy =
          "set --checkpointingInterval=1000, or leave it to the profile, and no option against it";
      if (target == LaunchTarget.CLUSTER) {
        refuse("no checkpoints: all that was in flight or remembered is lost by a failure", remedy);
      } else if (promise.once()) {
        refuse("no checkpoints, without which delivery exactlyOnce writes nothing", remedy);
      } else {
        warn("no checkpoints: after a failure the pipeline starts with nothing remembered", remedy);
      }
      return;
    }
    if (promise.once() && number(settings.option("checkpointingInterval"), -1) < 1) {
      refuse(
          "execution.checkpointing.interval, which the runner does not see, under delivery"
              + " exactlyOnce, for which it must",
          "set --checkpointingInterval=%d".formatted(interval()));
    }
    // Beam sets its own mode with its own interval, over that of Flink.
    if ("AT_LEAST_ONCE".equalsIgnoreCase(settings.option("checkpointingMode"))) {
      refuse(
          "checkpointingMode AT_LEAST_ONCE: an event that is read again is a repeat to its"
              + " history, and is never decided",
          "set --checkpointingMode=EXACTLY_ONCE");
    }
    String tolerated = settings.flink("execution.checkpointing.tolerable-failed-checkpoints");
    boolean fails = !"false".equals(settings.option("failOnCheckpointingErrors"));
    if (tolerated == null && !fails) {
      warn(
          "failOnCheckpointingErrors false: checkpoints may fail for ever without anybody noticing",
          "set -Dexecution.checkpointing.tolerable-failed-checkpoints=10 instead");
    } else if (target == LaunchTarget.CLUSTER && number(tolerated, 0) == 0) {
      refuse(
          "no failed checkpoint tolerated: one slow disk starts all of it again",
          "set -Dexecution.checkpointing.tolerable-failed-checkpoints=10");
    }
  }

  private void storage() {
    if (interval() == FOREVER) {
      return;
    }
    String storage = settings.flink("state.checkpoint-storage", "execution.checkpointing.storage");
    String folder = settings.flink("state.checkpoints.dir", "execution.checkpointing.dir");
    if (storage != null && storage.toLowerCase(Locale.ROOT).equals("jobmanager")) {
      refuse(
          "state.checkpoint-storage jobmanager: checkpoints are in the memory of a process that"
              + " dies",
          "set it to filesystem, in the cluster's config.yaml or by -D");
    } else if (folder == null) {
      refuse(
          "no state.checkpoints.dir: checkpoints are in the memory of a process that dies",
          "set it to a folder that every machine of the cluster sees, in its config.yaml or by -D");
    }
    boolean byBeam = "true".equals(settings.option("externalizedCheckpointsEnabled"));
    boolean retained =
        byBeam
            ? "true".equals(settings.option("retainExternalizedCheckpointsOnCancellation"))
            : "RETAIN_ON_CANCELLATION"
                .equalsIgnoreCase(
                    settings.flink("execution.checkpointing.externalized-checkpoint-retention"));
    if (!retained) {
      refuse(
          "checkpoints that go when the job is cancelled: nothing is left to start from",
          "set --externalizedCheckpointsEnabled=true"
              + " --retainExternalizedCheckpointsOnCancellation=true");
    }
  }

  private void restarts() {
    String retries = settings.option("numberOfExecutionRetries");
    String strategy = settings.flink("restart-strategy.type", "restart-strategy");
    if (retries != null && !retries.equals("-1")) {
      enough("numberOfExecutionRetries", number(retries, FOREVER));
    } else if (strategy != null) {
      switch (strategy.toLowerCase(Locale.ROOT).replace("-", "")) {
        case "none", "off", "disable" -> enough("restart-strategy.type " + strategy, 0);
        case "fixeddelay" -> enough("restart-strategy.fixed-delay.attempts", 1);
        case "failurerate" -> enough("restart-strategy.failure-rate.max-failures-per-interval", 1);
        case "exponentialdelay" ->
            enough("restart-strategy.exponential-delay.attempts-before-reset-backoff", FOREVER);
        default -> {}
      }
    }
  }

  /** Flink gives a job up that it has started again as often as it may. */
  private void enough(String name, long byDefault) {
    long restarts = number(settings.flink(name), byDefault);
    if (restarts < ENOUGH_RESTARTS) {
      String found = "found %s: %d restarts, and then no job any more".formatted(name, restarts);
      String remedy = "set -Drestart-strategy.type=exponential-delay";
      findings.add(new LaunchFinding(target == LaunchTarget.CLUSTER, found, remedy));
    }
  }

  private void scaling() {
    long parallelism =
        number(settings.option("parallelism"), number(settings.flink("parallelism.default"), 1));
    long most =
        number(
            settings.option("maxParallelism"),
            number(settings.flink("pipeline.max-parallelism"), -1));
    if (most > 0 && parallelism > most) {
      refuse(
          "parallelism %d above maxParallelism %d, the number of groups that keys are dealt out in"
              .formatted(parallelism, most),
          "set --maxParallelism higher (which no state that is there can follow) or --parallelism"
              + " lower");
    } else if (profile.goal() != null && most > parallelism) {
      // Beam splits a source by it, and a subtask asks its splits one after the other.
      warn(
          "maxParallelism %d: each subtask asks up to as many parts of a topic in turn, and waits at"
                  .formatted(most)
              + " each that is empty",
          "leave it out: without it keys are in 128 groups already, up to a parallelism of 85");
    }
  }

  private void options() {
    if ("true".equals(settings.option("fasterCopy"))) {
      refuse(
          "fasterCopy: state that is being written to a checkpoint would be changed meanwhile",
          "leave it out; objectReuse saves the copies that can be saved");
    }
    if ("true".equals(settings.option("disableMetrics"))) {
      warn(
          "disableMetrics: the counters of the stages, and the alerts on them, see nothing",
          "leave it out, unless for a measurement");
    }
    if ("true".equals(settings.option("allowNonRestoredState"))) {
      warn(
          "allowNonRestoredState: state of a step that is no longer there is dropped",
          "leave it out, unless a stage was taken out on purpose");
    }
  }

  private void classLoading() {
    if (!promise.infers() || "parent-first".equals(settings.flink("classloader.resolve-order"))) {
      return;
    }
    Set<String> missing = new TreeSet<>(PARENT_FIRST);
    String patterns = settings.flink("classloader.parent-first-patterns.additional");
    if (patterns != null) {
      missing.removeAll(List.of(patterns.split("[;,\\[\\] ]+")));
    }
    if (!missing.isEmpty()) {
      refuse(
          ("a cluster that loads %s from the job: the second job with a model ends its TaskManager,"
                  + " for native code is loaded once by a process")
              .formatted(String.join(", ", missing)),
          "set classloader.parent-first-patterns.additional in the cluster's config.yaml, and put"
              + " TensorFlow into its lib");
    }
  }

  private void embedded() {
    if (settings.option("savepointPath") != null) {
      refuse(
          "savepointPath without a cluster: the embedded Flink passes over it and starts with"
              + " nothing remembered",
          "set --flinkMaster=HOST:PORT (millrace cluster start)");
    }
    warn(
        "an embedded Flink: what it remembers is gone when this process ends",
        "for more than a try, set --flinkMaster=HOST:PORT");
  }

  /** Milliseconds between checkpoints; Beam's option stands above Flink's setting. */
  private long interval() {
    long byBeam = number(settings.option("checkpointingInterval"), -1);
    return byBeam > 0 ? byBeam : duration(FOREVER, "execution.checkpointing.interval");
  }

  private long duration(long byDefault, String... names) {
    String value = settings.flink(names);
    try {
      return value == null ? byDefault : FlinkDuration.millis(value);
    } catch (IllegalArgumentException e) {
      refuse("%s: %s".formatted(names[0], String.valueOf(e.getMessage())), "correct it");
      return byDefault;
    }
  }

  private static long number(@Nullable String value, long byDefault) {
    try {
      return value == null ? byDefault : Long.parseLong(value.trim());
    } catch (NumberFormatException e) {
      // Beam and Flink say what is wrong with it.
      return byDefault;
    }
  }

  private void refuse(String found, String remedy) {
    findings.add(new LaunchFinding(true, "found " + found, remedy));
  }

  private void warn(String found, String remedy) {
    findings.add(new LaunchFinding(false, "found " + found, remedy));
  }
}
