package dev.millrace.pipelines.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What became of every record of a demo, all of it read back from the topics.
 *
 * @param events records on the input topic
 * @param unique distinct events among them that are valid: readable, and no dead letter
 * @param decisions distinct events that were decided
 * @param duplicates readable records that repeat an event
 * @param lost records of which neither a decision nor a dead letter came out
 * @param latencyMs from the record's timestamp on the input topic to the broker's on the output, of
 *     events sent after the warm-up
 * @param eventsPerSecond from the first event sent to the last decision
 * @param decidedAgain decisions beyond the first of an event
 * @param strangers decisions about events that were never sent
 */
public record Summary(
    long events,
    long unique,
    long decisions,
    long duplicates,
    DeadLetters deadLetters,
    long lost,
    Latency latencyMs,
    double eventsPerSecond,
    String modelVersion,
    String runner,
    Map<String, Long> byDecision,
    long decidedAgain,
    long strangers,
    double warmUpSeconds) {

  public record DeadLetters(Map<String, Long> byReason) {}

  public record Latency(long p50, long p95, long p99, long max) {}

  /** Whether every record came to exactly one end. */
  public boolean complete() {
    return lost == 0 && decisions == unique && strangers == 0;
  }

  /** Writes it as one JSON object. */
  public void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
