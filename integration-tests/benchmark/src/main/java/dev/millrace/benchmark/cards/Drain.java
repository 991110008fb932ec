package dev.millrace.benchmark.cards;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.benchmark.cards.Contestant.Running;
import dev.millrace.pipelines.services.FlinkJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast a full topic was decided. What is told of the time and the cost of an event leaves out
 * the first half, in which JVMs compile; {@code wholePerSecond} has it in.
 *
 * @param eventsPerSecond decisions, by the broker's clock
 * @param wholePerSecond the same from the first decision on
 * @param cpuMicros processor time of the worker's JVM an event
 * @param bytes what its threads allocate an event
 * @param stateBytes of the checkpoint, a key; NaN for the loop
 */
record Drain(
    double eventsPerSecond,
    double wholePerSecond,
    double cpuMicros,
    double bytes,
    double stateBytes) {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long BETWEEN_LOOKS = 50;

  /**
   * Lets a contestant decide a topic.
   *
   * @param decisions how many there will be
   * @param recording where to write what its threads did, if anywhere
   */
  static Drain of(
      Stand stand,
      Contestant contestant,
      Setting setting,
      String input,
      String output,
      long decisions,
      @Nullable Path recording)
      throws IOException {
    Topics topics = stand.topics();
    topics.create(output, 1);
    try (Running running = contestant.start(stand, setting, input, output)) {
      await(topics, running, output, decisions / 2);
      if (recording != null) {
        running.worker().record();
      }
      Worker.Usage before = running.worker().usage();
      long from = topics.count(output);
      await(topics, running, output, decisions);
      Worker.Usage after = running.worker().usage();
      if (recording != null) {
        running.worker().writeRecording(recording);
      }
      long events = Math.max(1, decisions - from);
      long first = topics.writtenAt(output, 0);
      long half = topics.writtenAt(output, decisions / 2);
      long last = topics.writtenAt(output, decisions - 1);
      return new Drain(
          1000.0 * (decisions - decisions / 2) / Math.max(1, last - half),
          1000.0 * decisions / Math.max(1, last - first),
          after.cpu().minus(before.cpu()).toNanos() / 1000.0 / events,
          (double) after.allocatedSince(before) / events,
          stateBytes(running) / Math.min(decisions, setting.customers()));
    }
  }

  /** Of a checkpoint that is made now, so that nothing is missing in it. */
  private static double stateBytes(Running running) throws IOException {
    if (running.job().isEmpty()) {
      return Double.NaN;
    }
    FlinkJob job = running.job().get();
    String checkpoints = "/jobs/" + job.id() + "/checkpoints";
    String trigger =
        job.rest().post(checkpoints, "{\"checkpointType\": \"FULL\"}").path("request-id").asText();
    JsonNode answer = job.rest().get(checkpoints + "/" + trigger);
    while (!answer.path("status").path("id").asText().equals("COMPLETED")) {
      pause();
      answer = job.rest().get(checkpoints + "/" + trigger);
    }
    return job.checkpointing()
        .path("latest")
        .path("completed")
        .path("state_size")
        .asDouble(Double.NaN);
  }

  private static void await(Topics topics, Running running, String output, long decisions)
      throws IOException {
    long before = -1;
    long deadline = 0;
    for (long now = topics.count(output); now < decisions; now = topics.count(output)) {
      if (now != before) {
        before = now;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s: found %,d decisions and no more in %s, expected %,d"
                .formatted(output, now, PATIENCE, decisions));
      }
      running.check();
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
