package dev.millrace.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Faults, one after the other, on a job of their own.
 *
 * @param name as the command line and the report name it
 */
record Trial(String name, List<Fault> faults, Scene.Delivery delivery, Scene.Backend backend) {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Decisions come in time again when their p99 is within twice what it was before, or this; where
   * nothing was before, as after a warm-up.
   */
  private static final double CALM_MILLIS = 50;

  /**
   * Every fault, the TaskManager killed twenty times, and five times with state on the heap and
   * with an exactly-once sink.
   */
  static List<Trial> all() {
    List<Trial> all = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      int times = fault == Fault.TASKMANAGER_KILLED ? 20 : 1;
      List<Fault> faults = Collections.nCopies(times, fault);
      all.add(new Trial(fault.word(), faults, Scene.Delivery.AT_LEAST_ONCE, Scene.Backend.ROCKSDB));
    }
    List<Fault> kills = Collections.nCopies(5, Fault.TASKMANAGER_KILLED);
    all.add(
        new Trial(
            "taskmanager-killed-heap", kills, Scene.Delivery.AT_LEAST_ONCE, Scene.Backend.HASHMAP));
    all.add(
        new Trial(
            "exactly-once-killed", kills, Scene.Delivery.EXACTLY_ONCE, Scene.Backend.ROCKSDB));
    return all;
  }

  /**
   * What came of it.
   *
   * @param p99Before milliseconds, before the first fault; NaN when nothing was decided before
   * @param secondsToCalm from each fault until decisions came in time again; NaN when they did not
   * @param state the job's at the end, and whether all its tasks run
   * @param checkpointAge of the last complete checkpoint at the end, in seconds
   */
  record Outcome(
      Trial trial,
      Findings findings,
      double p99Before,
      List<Double> secondsToCalm,
      String state,
      double checkpointAge) {

    private static final double OLDEST_CHECKPOINT = 30;

    /** Whether all invariants hold. */
    boolean good() {
      return findings.good()
          && state.equals("RUNNING")
          && checkpointAge <= OLDEST_CHECKPOINT
          && secondsToCalm.stream().noneMatch(seconds -> seconds.isNaN())
          && (trial.delivery == Scene.Delivery.AT_LEAST_ONCE || findings.rawDuplicates() == 0);
    }
  }

  /**
   * Does it in a folder.
   *
   * @param ids how many ids there are at least
   * @param warmUp how long the first fault waits at most for decisions to come in time
   */
  Outcome run(Path folder, long seed, int rate, int ids, Duration warmUp, Consumer<String> progress)
      throws IOException {
    Scene.Plan plan =
        new Scene.Plan(
            seed,
            rate,
            delivery,
            backend,
            warmUp,
            faults.contains(Fault.EMPTY_PARTITION),
            faults.contains(Fault.CHECKPOINT_DISK_FULL));
    try (Scene scene = Scene.in(folder, plan, progress)) {
      faults.get(0).begin(scene);
      return run(scene, ids);
    }
  }

  private Outcome run(Scene scene, int ids) throws IOException {
    double before = Double.NaN;
    List<Double> seconds = new ArrayList<>();
    for (Fault fault : faults) {
      if (scene.hasLoad()) {
        Scene.pause(Duration.ofMillis(3_000 + scene.random().nextInt(3_000)));
        before = Double.isNaN(before) ? scene.watch().p99(10) : before;
      }
      scene.say("%s, %d of %d".formatted(fault.word(), seconds.size() + 1, faults.size()));
      long checkpoint = scene.checkpointBegan();
      long since = System.nanoTime();
      fault.inflict(scene);
      scene.job().awaitRunning(PATIENCE);
      double bound = Double.isNaN(before) ? scene.warmBound() : Math.max(CALM_MILLIS, 2 * before);
      double calm = scene.watch().awaitCalm(since, bound, PATIENCE, scene::say);
      seconds.add(calm);
      scene.disturbedSince(checkpoint);
      scene.say("decides in time again after %.0f s".formatted(calm));
    }
    // Some records are repeats of others, and some cannot be read.
    int records = ids + ids / 20;
    while (scene.load().sent() < records) {
      scene.say("%,d of %,d records sent".formatted(scene.load().sent(), records));
      Scene.pause(Duration.ofSeconds(10));
    }
    scene.job().awaitRunning(PATIENCE);
    double age = age(scene);
    Findings findings = scene.judge();
    return new Outcome(this, findings, before, seconds, scene.job().state(), age);
  }

  private static double age(Scene scene) throws IOException {
    JsonNode last = scene.job().checkpointing().path("latest").path("completed");
    return (System.currentTimeMillis() - last.path("latest_ack_timestamp").asLong()) / 1000.0;
  }
}
