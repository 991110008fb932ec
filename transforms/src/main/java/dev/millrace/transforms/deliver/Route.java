package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Expression;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Gives each event to every one of several sinks whose condition it meets. Sinks that are stages
 * have it in passing; for the others, which have steps of their own, it is emitted when one of them
 * is to have it, and {@link #only} picks out those of each.
 *
 * <p>An event for which a condition cannot be evaluated is kept from that sink alone, and is one
 * dead letter of reason {@link dev.millrace.transforms.deadletter.Reason#UNDELIVERABLE}. One that
 * no sink is to have is counted, in {@code deliver/routedNowhere}.
 *
 * <pre>{@code
 * Route route =
 *     Route.none()
 *         .to(null, Deliver.to(topic).inPassing())
 *         .to("decision == 'DECLINE'", PostDecisions.to(url))
 *         .elsewhere("amount > 1000.0");
 * PCollection<Event> rest = decisions.apply("Deliver", route.stage()).output();
 * rest.apply("For the archive", Route.only("amount > 1000.0"));
 * }</pre>
 */
public final class Route {

  /** A sink; the stage is null for one that has steps of its own. */
  private record Branch(@Nullable String when, @Nullable EventStage stage) {}

  private final List<Branch> branches;

  private Route(List<Branch> branches) {
    this.branches = branches;
  }

  /** To no sink yet. */
  public static Route none() {
    return new Route(List.of());
  }

  /** Also to {@code sink}, which emits no events, when {@code condition} holds; null for always. */
  public Route to(@Nullable String condition, EventStage sink) {
    return plus(new Branch(condition, sink));
  }

  /** Also to a sink with steps of its own: what it is to have is emitted. */
  public Route elsewhere(@Nullable String condition) {
    return plus(new Branch(condition, null));
  }

  private Route plus(Branch branch) {
    List<Branch> more = new ArrayList<>(branches);
    more.add(branch);
    return new Route(more);
  }

  /** All of it as one stage. */
  public EventStage stage() {
    boolean choosing = branches.stream().anyMatch(branch -> branch.when != null);
    List<EventStage> inPassing =
        branches.stream().flatMap(branch -> Optional.ofNullable(branch.stage).stream()).toList();
    if (!choosing && inPassing.isEmpty()) {
      return EventStage.none();
    }
    return !choosing && branches.size() == 1 ? inPassing.get(0) : new Routing(branches);
  }

  /**
   * Emits the events that meet a condition; what it cannot be evaluated for {@link #stage} has
   * reported.
   */
  public static PTransform<PCollection<Event>, PCollection<Event>> only(String condition) {
    return new Only(condition);
  }

  private static final class Routing extends EventStage {
    private final List<Branch> branches;

    Routing(List<Branch> branches) {
      this.branches = branches;
    }

    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      List<RouteStep.Branch> steps = new ArrayList<>();
      for (Branch branch : branches) {
        steps.add(
            new RouteStep.Branch(
                branch.when == null ? null : Expression.condition(branch.when, input),
                branch.stage == null ? null : branch.stage.step(input)));
      }
      return new RouteStep(steps);
    }
  }

  private static final class Only extends PTransform<PCollection<Event>, PCollection<Event>> {
    private final String condition;

    Only(String condition) {
      this.condition = condition;
    }

    @Override
    public PCollection<Event> expand(PCollection<Event> events) {
      EventLayout layout = EventCoder.layoutOf(events);
      Expression expression = Expression.condition(condition, layout);
      return events
          .apply("Meets condition", Filter.by(event -> RouteStep.meets(expression, event)))
          .setCoder(EventCoder.of(layout));
    }
  }
}
