package dev.millrace.pipelines.demo;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was put in and what came out, by reading the topics and not by trusting anybody's counters.
 * An input is settled when its id was decided, or when a dead letter names its origin. Thread-safe.
 */
final class Ledger {

  private static final int SHOWN_DEAD_LETTERS = 3;

  /** When an id was first sent and first decided, in milliseconds; 0 is not yet. */
  private static final class Times {
    private long sent;
    private long decided;
  }

  private final Map<String, Times> byId = new HashMap<>();
  private final Set<Origin> unreadable = new HashSet<>();
  private final Set<Origin> dead = new HashSet<>();
  private final Map<String, Long> deadByReason = new TreeMap<>();
  private final Map<String, Long> byDecision = new TreeMap<>();
  private final List<DeadLetter> shown = new ArrayList<>();
  private final Set<String> deadIds = new HashSet<>();
  private long inputs;
  private long duplicates;
  private long decisions;
  private long decidedAgain;
  private long strangers;
  private long firstSent = Long.MAX_VALUE;
  private long lastDecided;
  private String modelVersion = "";

  /** A record on the input topic; without an id when it cannot be read. */
  synchronized void input(Origin origin, @Nullable String id, long timestamp) {
    inputs++;
    firstSent = Math.min(firstSent, timestamp);
    if (id == null) {
      unreadable.add(origin);
      return;
    }
    Times times = byId.computeIfAbsent(id, unseen -> new Times());
    if (times.sent == 0) {
      times.sent = timestamp;
    } else {
      duplicates++;
    }
  }

  synchronized void decision(String id, String decision, String model, long timestamp) {
    Times times = byId.computeIfAbsent(id, unseen -> new Times());
    if (times.decided == 0) {
      times.decided = timestamp;
      decisions++;
      byDecision.merge(decision, 1L, Long::sum);
    } else {
      decidedAgain++;
    }
    lastDecided = Math.max(lastDecided, timestamp);
    modelVersion = model;
  }

  synchronized void deadLetter(DeadLetter letter) {
    if (!dead.add(letter.origin())) {
      return;
    }
    long ofReason = deadByReason.merge(letter.reason().name(), 1L, Long::sum);
    if (letter.eventId() != null) {
      deadIds.add(letter.eventId());
    }
    if (ofReason == 1 || shown.size() < SHOWN_DEAD_LETTERS) {
      shown.add(letter);
    }
  }

  synchronized long inputs() {
    return inputs;
  }

  synchronized long decisions() {
    return decisions;
  }

  synchronized long deadLetters() {
    return dead.size();
  }

  /** Records put in of which nothing has come out. */
  synchronized long unsettled() {
    long undecided =
        byId.entrySet().stream()
            .filter(entry -> entry.getValue().decided == 0 && !deadIds.contains(entry.getKey()))
            .count();
    return undecided + unreadable.stream().filter(origin -> !dead.contains(origin)).count();
  }

  /** Milliseconds from event to decision of those sent at or after {@code from}. */
  synchronized Histogram latency(long from) {
    Histogram latency = new Histogram(3);
    byId.values().stream()
        .filter(times -> times.sent >= from && times.decided > 0)
        .forEach(times -> latency.recordValue(Math.max(0, times.decided - times.sent)));
    return latency;
  }

  synchronized Summary summary(String runner, double warmUpSeconds) {
    strangers = byId.values().stream().filter(times -> times.sent == 0).count();
    long from = firstSent == Long.MAX_VALUE ? 0 : firstSent + (long) (warmUpSeconds * 1000);
    double seconds = Math.max(0.001, (lastDecided - firstSent) / 1000.0);
    Histogram latency = latency(from);
    return new Summary(
        inputs,
        byId.size() - strangers - deadIds.size(),
        decisions,
        duplicates,
        new Summary.DeadLetters(Map.copyOf(deadByReason)),
        unsettled(),
        new Summary.Latency(
            latency.getValueAtPercentile(50),
            latency.getValueAtPercentile(95),
            latency.getValueAtPercentile(99),
            latency.getMaxValue()),
        inputs / seconds,
        modelVersion,
        runner,
        Map.copyOf(byDecision),
        decidedAgain,
        strangers,
        warmUpSeconds);
  }

  /** A few dead letters to look at, of different reasons where there are. */
  synchronized List<DeadLetter> examples() {
    Map<String, DeadLetter> different = new TreeMap<>();
    shown.forEach(letter -> different.putIfAbsent(letter.reason().name(), letter));
    List<DeadLetter> examples = new ArrayList<>(different.values());
    shown.stream().filter(letter -> !examples.contains(letter)).forEach(examples::add);
    return examples.subList(0, Math.min(SHOWN_DEAD_LETTERS, examples.size()));
  }
}
