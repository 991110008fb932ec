package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.DecideSpec;
import dev.millrace.pipelines.spec.HistorySpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.StreamSpec;
import dev.millrace.transforms.compute.Compute;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.deadletter.WriteDeadLetters;
import dev.millrace.transforms.decide.Decide;
import dev.millrace.transforms.decode.Decoded;
import dev.millrace.transforms.deliver.Route;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.history.Feature;
import dev.millrace.transforms.history.History;
import dev.millrace.transforms.lookup.Lookup;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.validate.Validate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/**
 * Applies the transforms of a plan, stage after stage. The names of the steps are what a savepoint
 * or a running job is matched by: they may not change.
 */
public final class Assembly {

  private final Pipeline pipeline;
  private final PipelinePlan plan;
  private final PipelineSpec spec;
  private final List<PCollection<DeadLetter>> deadLetters = new ArrayList<>();
  private boolean arrivalOrder;

  public Assembly(Pipeline pipeline, PipelinePlan plan) {
    this.pipeline = pipeline;
    this.plan = plan;
    this.spec = plan.spec();
  }

  /** Feeds history in the order of arrival, as a stream would, also from files. */
  public Assembly inArrivalOrder() {
    arrivalOrder = true;
    return this;
  }

  /** From the source to the decisions, and all dead letters. */
  public void decisions() {
    Decoded decoded = decoded();
    Lookups.check(spec, plan.lookup());
    Sinks sinks = new Sinks(plan, pipeline.getOptions());
    // What looks at one event at a time is done in passing, by the last stage that has state.
    EventStage decide = EventStage.none();
    if (plan.model() != null) {
      decide = decide.then(plan.model().inference());
    }
    if (spec.decide() != null) {
      decide = decide.then(decide(spec.decide()));
    }
    deliver(decoded, decide, sinks);
    if (spec.deadLetters() != null) {
      write(sinks.deadLetters(spec.deadLetters()));
    }
  }

  private void deliver(Decoded decoded, EventStage decide, Sinks sinks) {
    Route route = Route.none();
    List<DecisionSink> all = new ArrayList<>();
    for (int i = 0; i < spec.to().size(); i++) {
      DecisionSink sink = sinks.decisions(i, plan.decisions());
      String when = spec.to().get(i).when();
      route =
          sink instanceof DecisionSink.InPassing passing
              ? route.to(when, passing.stage())
              : route.elsewhere(when);
      all.add(sink);
    }
    PCollection<Event> decided = decided(decoded, decide.then(route.stage()));
    for (int i = 0; i < all.size(); i++) {
      if (!(all.get(i) instanceof DecisionSink.InPassing)) {
        deliver(decided, i, all.get(i));
      }
    }
  }

  /** By a sink's own steps, which look at launch whether it is there. */
  private void deliver(PCollection<Event> decided, int index, DecisionSink sink) {
    RouteSpec to = spec.to().get(index);
    // The first is named as it is alone, so that a sink more leaves its state to it.
    String step = index == 0 ? "Deliver" : "Deliver to " + to.sink().name();
    PCollection<Event> own =
        to.when() == null ? decided : decided.apply(step + ": condition", Route.only(to.when()));
    try {
      if (sink instanceof DecisionSink.Apart apart) {
        deadLetters.add(own.apply(step, apart.steps()));
      } else if (sink instanceof DecisionSink.All all) {
        own.apply(step, all.steps());
      }
    } catch (IllegalArgumentException e) {
      String path = spec.pathOfSink(index) + "." + to.sink().word();
      throw new SpecException(spec.place(path), String.valueOf(e.getMessage()));
    }
  }

  /** From the source to the computed columns: what training and serving have in common. */
  public PCollection<Event> features() {
    Lookups.check(spec, plan.lookup());
    return known(decoded(), lookedUp(compute()));
  }

  private EventStage compute() {
    return spec.compute().isEmpty() ? EventStage.none() : Compute.columns(spec.compute());
  }

  /** From the source to what {@code decide} emits. */
  private PCollection<Event> decided(Decoded decoded, EventStage decide) {
    // A model works while events of the next batch get their history.
    boolean waits = plan.lookup().stream().anyMatch(Lookup::isRemote);
    EventStage aside = waits || plan.model() == null ? decide : decide.aside();
    return known(decoded, lookedUp(compute().then(aside)));
  }

  /**
   * Lookups, and what {@code next} makes of them. Tables are looked at in passing; from the first
   * that others are asked for on, all is done while events of the next batch get their history.
   */
  private EventStage lookedUp(EventStage next) {
    EventStage stage = EventStage.none();
    List<Lookup> all = plan.lookup();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isRemote()) {
        EventStage waiting = EventStage.none();
        for (Lookup each : all.subList(i, all.size())) {
          waiting = waiting.then(each);
        }
        return stage.then(waiting.then(next).aside());
      }
      stage = stage.then(all.get(i));
    }
    return stage.then(next);
  }

  /** Before the sinks: what both have in common is to be mended where the events come from. */
  private Decoded decoded() {
    Sources sources = new Sources(spec, "events", spec.events(), plan.events());
    Decoded decoded = sources.decoded(pipeline.begin(), "Read", "Decode");
    deadLetters.add(decoded.deadLetters());
    return decoded;
  }

  /** From the source to the features of history, and what {@code next} makes of them. */
  private PCollection<Event> known(Decoded decoded, EventStage next) {
    PCollection<Event> events = valid("Validate", decoded.atOnce());
    // To the first shuffle by themselves: before it, they would break the chain of steps.
    PCollection<Event> delayed =
        decoded.delayed().map(waited -> valid("Validate delayed", waited)).orElse(null);
    PCollection<Event> labels = labels(events, delayed);
    List<HistorySpec> keys = spec.history();
    if (keys.isEmpty()) {
      HistorySpec byId = new HistorySpec(spec.events().id(), Map.of(), HistorySpec.DEFAULT_CAP);
      History history = first(history(byId, List.of(), null), delayed);
      return stage("Deduplicate", events, history.then(next));
    }
    for (int i = 0; i < keys.size(); i++) {
      History history = history(keys.get(i), plan.history().get(i), labels);
      history = i == 0 ? first(history, delayed) : history;
      history = i == keys.size() - 1 ? history.then(next) : history;
      events = stage("History of " + keys.get(i).key(), events, history);
    }
    return events;
  }

  /** Writes the dead letters of all stages applied so far. */
  public void write(WriteDeadLetters writer) {
    PCollectionList.of(deadLetters)
        .apply("All dead letters", Flatten.pCollections())
        .apply("Write dead letters", writer.withPipeline(spec.pipeline(), plan.pipelineVersion()));
  }

  private PCollection<Event> valid(String name, PCollection<Event> events) {
    return spec.validate().isEmpty() ? events : stage(name, events, Validate.that(spec.validate()));
  }

  /** A stream of their own, or the events: those that are valid, for no other is one. */
  private @Nullable PCollection<Event> labels(
      PCollection<Event> events, @Nullable PCollection<Event> delayed) {
    if (spec.labels() instanceof LabelsSpec.Stream labels && plan.labels() != null) {
      StreamSpec stream =
          StreamSpec.of(labels.from(), labels.format(), labels.id(), labels.eventTime());
      Sources sources = new Sources(spec, "labels", stream, plan.labels());
      Decoded decoded = sources.decoded(pipeline.begin(), "Read labels", "Decode labels");
      deadLetters.add(decoded.deadLetters());
      return together("All labels", decoded.atOnce(), decoded.delayed().orElse(null));
    }
    return spec.labels() == null ? null : together("Events as labels", events, delayed);
  }

  private static PCollection<Event> together(
      String step, PCollection<Event> atOnce, @Nullable PCollection<Event> delayed) {
    return delayed == null
        ? atOnce
        : PCollectionList.of(atOnce).and(delayed).apply(step, Flatten.pCollections());
  }

  private History history(
      HistorySpec key, List<Feature> features, @Nullable PCollection<Event> labels) {
    History history =
        History.of(key.key(), features)
            .withAllowedLateness(spec.events().allowedLateness())
            .withCap(key.cap());
    if (arrivalOrder) {
      history = history.inArrivalOrder();
    }
    boolean ofLabels = features.stream().anyMatch(f -> f.source() == Feature.Source.LABELS);
    return ofLabels && labels != null ? history.withLabels(labels) : history;
  }

  /** The first history drops repeats, and takes the events that waited for a schema. */
  private History first(History history, @Nullable PCollection<Event> delayed) {
    History deduplicating = history.deduplicatingWithin(spec.events().deduplicateWithin());
    return delayed == null ? deduplicating : deduplicating.withDelayed(delayed);
  }

  private static Decide decide(DecideSpec spec) {
    Decide.Rules rules = Decide.on(spec.field());
    for (DecideSpec.Rule rule : spec.rules()) {
      rules = rules.when(rule.when(), rule.then());
    }
    return rules.otherwise(spec.otherwise());
  }

  private PCollection<Event> stage(
      String name,
      PCollection<Event> events,
      PTransform<PCollection<Event>, StageResult<Event>> stage) {
    return collect(events.apply(name, stage));
  }

  private PCollection<Event> collect(StageResult<Event> result) {
    deadLetters.add(result.deadLetters());
    return result.output();
  }
}
