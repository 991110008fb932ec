package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.step.Acknowledgement;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is done for each record of a key, and then by the next step, whoever keeps the state: Beam's
 * {@link HistoryFn}, or a runner's own operator. It is called as a {@link
 * org.apache.beam.sdk.transforms.DoFn} is, from {@link #setUp} to {@link #tearDown}. Not
 * thread-safe: each function has its own copy.
 */
public final class KeyedWork implements Serializable {

  private static final long serialVersionUID = 1;

  private final HistoryStep.Settings settings;
  private final EventStep next;
  private final StageCounter duplicates = StageCounter.of("history", "duplicates");
  private final StageCounter replayed = StageCounter.of("history", "replayed");
  private final StageCounter lateEvents = StageCounter.of("history", "lateEvents");
  private final StageCounter lateLabels = StageCounter.of("history", "lateLabels");
  private final StageCounter mergedTiles = StageCounter.of("history", "mergedTiles");

  private transient HistoryStep step;
  private transient NewFeatures newFeatures;

  @SuppressWarnings("NullAway.Init") // these are made on the worker
  KeyedWork(HistoryStep.Settings settings, EventStep next) {
    this.settings = settings;
    this.next = next;
  }

  HistoryStep.Settings settings() {
    return settings;
  }

  /** Before the first bundle. */
  public void setUp() throws Exception {
    step = new HistoryStep(settings);
    newFeatures = new NewFeatures();
    next.setUp();
  }

  public void startBundle() {
    next.startBundle();
  }

  /**
   * Returns when all of the bundle's work is done and acknowledged.
   *
   * @throws IOException when the bundle has failed
   */
  public void finishBundle(Outlet out) throws IOException {
    next.finishBundle(out);
  }

  /** As {@link EventStep#finish}. */
  public void finish(Outlet out) throws IOException {
    next.finish(out);
  }

  /** As {@link EventStep#acknowledgement}. */
  public Acknowledgement acknowledgement() {
    return next.acknowledgement();
  }

  /** After the last bundle, also where {@link #setUp} failed. */
  public void tearDown() {
    next.tearDown();
  }

  /**
   * Gives what becomes of one record to the next step.
   *
   * @param stored the state of the record's key, which is changed in place; null for a key without
   * @param now wall-clock milliseconds
   * @return the state to store; null when it has not changed
   * @throws IOException when the bundle has failed
   */
  public @Nullable HistoryState process(
      HistoryInput input,
      Instant at,
      BoundedWindow window,
      @Nullable HistoryState stored,
      long now,
      Outlet out)
      throws IOException {
    HistoryStep.Outcome outcome;
    try {
      outcome = step.apply(stored, input, now);
    } catch (EvaluationException e) {
      String problem = "a feature's where: " + e.getMessage();
      out.deadLetter(
          DeadLetter.failed(Stage.HISTORY, input.record(), Reason.COMPUTE_FAILED, problem, e),
          at,
          window);
      return null;
    }
    if (outcome.state() != null) {
      newFeatures.startEmpty(step.startingEmpty());
    }
    if (outcome.mergedTiles() > 0) {
      mergedTiles.inc(outcome.mergedTiles());
    }
    switch (outcome.kind()) {
      case EVENT -> next.process(Objects.requireNonNull(outcome.event()), at, window, out);
      case REPLAYED -> {
        replayed.inc();
        next.process(Objects.requireNonNull(outcome.event()), at, window, out);
      }
      case DUPLICATE -> duplicates.inc();
      case LABEL -> {}
      case LATE_LABEL -> lateLabels.inc();
      case LATE_EVENT -> {
        lateEvents.inc();
        out.deadLetter(late(input.record(), outcome.lateness()), at, window);
      }
    }
    return outcome.state();
  }

  private DeadLetter late(Event event, long lateness) {
    String message =
        "found an event %s behind the newest of its key, expected at most %s"
            .formatted(Duration.ofMillis(lateness), Duration.ofMillis(settings.allowedLateness()));
    return DeadLetter.failed(Stage.HISTORY, event, Reason.LATE, message, null);
  }

  /**
   * How long after a key's first record to look for the first time whether it is idle, in
   * milliseconds: up to a tenth more than the retention, so that keys that were new together do not
   * expire together.
   */
  public long firstExpiry(int keyHash) {
    long retention = step.retention();
    return retention + Math.floorMod(keyHash, 1000) * retention / 10_000;
  }

  /**
   * How long to keep state that nothing has touched, in milliseconds from {@code now} on; nothing
   * needs it any more where that is not more than 0.
   */
  public long expiry(HistoryState stored, long now) {
    return stored.lastSeen() + step.retention() - now;
  }
}
