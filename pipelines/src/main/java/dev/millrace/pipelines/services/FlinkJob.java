package dev.millrace.pipelines.services;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A job on a cluster, by Flink's REST API.
 *
 * @param id Flink's, 32 hexadecimal digits
 */
public record FlinkJob(FlinkRest rest, String id) {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED", "SUSPENDED");

  /** The job of this name that was started last, if there is one. */
  public static Optional<FlinkJob> newest(FlinkRest rest, String name) throws IOException {
    return StreamSupport.stream(rest.get("/jobs/overview").path("jobs").spliterator(), false)
        .filter(job -> job.path("name").asText().equals(name))
        .max(Comparator.comparingLong(job -> job.path("start-time").asLong()))
        .map(job -> new FlinkJob(rest, job.path("jid").asText()));
  }

  /** Its page in the web UI. */
  public String page() {
    return rest.url() + "/#/job/running/" + id + "/overview";
  }

  /** As Flink names it: CREATED, RUNNING, RESTARTING, FINISHED ... */
  public String state() throws IOException {
    return rest.get("/jobs/" + id).path("state").asText();
  }

  /** Whether every task of every step runs: a job is called RUNNING before. */
  public boolean allTasksRun() throws IOException {
    JsonNode job = rest.get("/jobs/" + id);
    return job.path("state").asText().equals("RUNNING")
        && StreamSupport.stream(job.path("vertices").spliterator(), false)
            .allMatch(vertex -> vertex.path("status").asText().equals("RUNNING"));
  }

  /**
   * Waits until every task runs.
   *
   * @throws IOException with the cause that Flink gives, when the job ends instead or needs longer
   */
  public void awaitRunning(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!allTasksRun()) {
      String state = state();
      if (ENDED.contains(state) || System.nanoTime() > deadline) {
        throw new IOException(
            "job %s: found it %s after %s, expected all its tasks to run: %s"
                .formatted(id, state, patience, failure()));
      }
      pause();
    }
  }

  /** Why the job failed last: what Flink says, and the deepest cause; empty when it did not. */
  public String failure() throws IOException {
    JsonNode history = rest.get("/jobs/" + id + "/exceptions").path("exceptionHistory");
    List<String> trace =
        history.path("entries").path(0).path("stacktrace").asText().lines().toList();
    if (trace.isEmpty()) {
      return "";
    }
    return trace.stream()
        .filter(line -> line.startsWith("Caused by: "))
        .reduce((first, last) -> last)
        .map(cause -> trace.get(0) + "; " + cause)
        .orElse(trace.get(0));
  }

  /** How many checkpoints were completed since the job was started. */
  public long checkpoints() throws IOException {
    return checkpointing().path("counts").path("completed").asLong();
  }

  /** Where the last checkpoint lies that a new job could start from. */
  public Optional<String> lastCheckpoint() throws IOException {
    JsonNode path = checkpointing().path("latest").path("completed").path("external_path");
    return path.isTextual() ? Optional.of(path.asText()) : Optional.empty();
  }

  /** The checkpoints as Flink tells of them. */
  public JsonNode checkpointing() throws IOException {
    return rest.get("/jobs/" + id + "/checkpoints");
  }

  /** Ends the job as it is; its retained checkpoints stay. */
  public void cancel() throws IOException {
    rest.patch("/jobs/" + id + "?mode=cancel");
  }

  /** Ends the job with a savepoint in the cluster's folder, and returns its path. */
  public String stopWithSavepoint() throws IOException {
    String trigger =
        rest.post("/jobs/" + id + "/stop", "{\"drain\": false}").path("request-id").asText();
    while (true) {
      JsonNode answer = rest.get("/jobs/" + id + "/savepoints/" + trigger);
      if (answer.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode operation = answer.path("operation");
        if (!operation.path("location").isTextual()) {
          throw new IOException(
              "job %s: found no savepoint, expected one: %s"
                  .formatted(id, operation.path("failure-cause").path("stack-trace").asText()));
        }
        return operation.path("location").asText();
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a Flink job");
    }
  }
}
