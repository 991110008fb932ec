package dev.millrace.transforms.deliver;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.expression.Expression;
import dev.millrace.transforms.step.Acknowledgement;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gives each event to the branches that are to have it, and out when one of them is elsewhere. */
final class RouteStep implements EventStep {

  /** Of all events when there is no condition; elsewhere when there is no step. */
  record Branch(@Nullable Expression condition, @Nullable EventStep step) implements Serializable {}

  private final List<Branch> branches;
  private final List<EventStep> steps;
  private final StageCounter nowhere = StageCounter.of("deliver", "routedNowhere");

  RouteStep(List<Branch> branches) {
    this.branches = List.copyOf(branches);
    this.steps =
        branches.stream().flatMap(branch -> Optional.ofNullable(branch.step).stream()).toList();
  }

  /** Whether it holds; not when it cannot be evaluated. */
  static boolean meets(Expression condition, Event event) {
    try {
      return condition.test(event);
    } catch (EvaluationException e) {
      return false;
    }
  }

  @Override
  public void setUp() throws Exception {
    for (EventStep step : steps) {
      step.setUp();
    }
  }

  @Override
  public void startBundle() {
    steps.forEach(EventStep::startBundle);
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    boolean taken = false;
    boolean elsewhere = false;
    for (Branch branch : branches) {
      try {
        if (branch.condition != null && !branch.condition.test(event)) {
          continue;
        }
      } catch (EvaluationException e) {
        out.deadLetter(unroutable(event, e), timestamp, window);
        taken = true;
        continue;
      }
      taken = true;
      if (branch.step == null) {
        elsewhere = true;
      } else {
        branch.step.process(event, timestamp, window, out);
      }
    }
    if (elsewhere) {
      out.event(event, timestamp, window);
    }
    if (!taken) {
      nowhere.inc();
    }
  }

  private static DeadLetter unroutable(Event event, EvaluationException cause) {
    return DeadLetter.failed(
        Stage.DELIVER,
        event,
        Reason.UNDELIVERABLE,
        "a sink's condition: " + cause.getMessage(),
        cause);
  }

  @Override
  public void drain(Outlet out) throws IOException {
    for (EventStep step : steps) {
      step.drain(out);
    }
  }

  @Override
  public void finish(Outlet out) throws IOException {
    for (EventStep step : steps) {
      step.finish(out);
    }
  }

  @Override
  public Acknowledgement acknowledgement() {
    List<Acknowledgement> all = steps.stream().map(EventStep::acknowledgement).toList();
    return () -> {
      for (Acknowledgement one : all) {
        one.await();
      }
    };
  }

  @Override
  public void tearDown() {
    RuntimeException failure = null;
    for (EventStep step : steps) {
      try {
        step.tearDown();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
