package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.DecideSpec;
import dev.millrace.pipelines.spec.FeatureSpec;
import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.HistorySpec;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.LookupSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.ReferenceSpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Expression;
import dev.millrace.transforms.history.Aggregate;
import dev.millrace.transforms.history.Feature;
import dev.millrace.transforms.history.History;
import dev.millrace.transforms.lookup.Lookup;
import dev.millrace.transforms.lookup.LookupColumn;
import dev.millrace.transforms.lookup.ReferenceSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * A specification that fits its contracts and its model: every field, expression and model input in
 * it was resolved. Nothing was connected to but files, so it can be made on a laptop and in CI.
 *
 * @param labels the contract of the labels; null when there are none
 * @param history the features of each key, in the order of the specification
 * @param lookup what is looked up, in the order of the specification
 * @param model how the model is asked; null when there is none
 * @param features the columns that history, lookup and compute add, in order
 * @param decisions what is delivered of an event: all its columns; of a plan that ends at the
 *     features, those until then
 */
public record PipelinePlan(
    PipelineSpec spec,
    Contract events,
    @Nullable Contract labels,
    List<List<Feature>> history,
    List<Lookup> lookup,
    @Nullable ModelPlan model,
    List<String> features,
    EventLayout decisions) {

  /**
   * Checks {@code spec} stage by stage, in the order in which events pass.
   *
   * @throws SpecException naming each place, what was found and what was expected
   */
  public static PipelinePlan of(PipelineSpec spec) {
    return new Check(spec, true).plan();
  }

  /**
   * Checks {@code spec} only as far as its features: for a backfill, which needs no model, and may
   * be what the model is yet to be trained on.
   *
   * @throws SpecException naming each place, what was found and what was expected
   */
  public static PipelinePlan ofFeatures(PipelineSpec spec) {
    return new Check(spec, false).plan();
  }

  /** Changes when the meaning of a feature does: the same in every run over the same features. */
  public String featureVersion() {
    return spec.lookup().isEmpty()
        ? Fingerprint.of(spec.history(), spec.compute())
        : Fingerprint.of(spec.history(), meaningOfLookups(), spec.compute());
  }

  /** Changes when anything changes that a decision depends on. */
  public String pipelineVersion() {
    return spec.lookup().isEmpty()
        ? Fingerprint.of(
            spec.validate(), spec.history(), spec.compute(), spec.infer(), spec.decide())
        : Fingerprint.of(
            spec.validate(),
            spec.history(),
            meaningOfLookups(),
            spec.compute(),
            spec.infer(),
            spec.decide());
  }

  private List<String> meaningOfLookups() {
    return spec.lookup().stream().map(LookupSpec::meaning).toList();
  }

  private static final class Check {
    private final PipelineSpec spec;
    private final List<String> problems = new ArrayList<>();
    private final boolean whole;
    private EventLayout layout;

    Check(PipelineSpec spec, boolean whole) {
      this.spec = spec;
      this.whole = whole;
      this.layout = EventLayout.of(org.apache.beam.sdk.schemas.Schema.of());
    }

    PipelinePlan plan() {
      Contract events =
          contract("events", spec.events().format(), spec.events().id(), spec.events().eventTime());
      layout = events.layout();
      Contract labels = labels(events);
      for (int i = 0; i < spec.validate().size(); i++) {
        String rule = spec.validate().get(i);
        attempt("validate." + i, () -> Expression.condition(rule, layout));
      }
      int contractColumns = layout.columns().size();
      List<List<Feature>> history = history(labels);
      List<Lookup> lookup = lookup();
      compute();
      List<String> features =
          layout.columns().stream().skip(contractColumns).map(column -> column.name()).toList();
      ModelPlan model = null;
      if (whole) {
        model = model();
        decide();
        sinks();
      }
      done();
      return new PipelinePlan(spec, events, labels, history, lookup, model, features, layout);
    }

    private Contract contract(String path, FormatSpec format, String id, String time) {
      Path file = Path.of(format.contract());
      return contract(
          path,
          () ->
              format instanceof FormatSpec.Protobuf protobuf
                  ? Contract.readMessage(file, protobuf.message(), id, time)
                  : Contract.read(file, id, time));
    }

    /** Of records that are looked up in; null where they have none. */
    private @Nullable Contract contract(String path, ReferenceSpec from) {
      if (!(from instanceof ReferenceSpec.Kafka topic) || topic.format() == null) {
        return null;
      }
      FormatSpec format = topic.format();
      Path file = Path.of(format.contract());
      return contract(
          path,
          () ->
              format instanceof FormatSpec.Protobuf protobuf
                  ? Contract.readMessage(file, protobuf.message())
                  : Contract.read(file));
    }

    private Contract contract(String path, Supplier<Contract> reading) {
      try {
        return reading.get();
      } catch (IllegalArgumentException e) {
        throw new SpecException(spec.place(path + ".format"), String.valueOf(e.getMessage()));
      }
    }

    private @Nullable Contract labels(Contract events) {
      LabelsSpec labels = spec.labels();
      if (labels instanceof LabelsSpec.Stream stream) {
        return contract("labels", stream.format(), stream.id(), stream.eventTime());
      }
      return labels == null ? null : events;
    }

    private List<List<Feature>> history(@Nullable Contract labels) {
      List<List<Feature>> history = new ArrayList<>();
      for (int i = 0; i < spec.history().size(); i++) {
        HistorySpec key = spec.history().get(i);
        String path = "history." + i;
        EventLayout labelLayout = labels == null ? null : labels.layout();
        attempt(path + ".key", () -> layout.column(key.key()).asKey("key"));
        List<Feature> features = new ArrayList<>();
        EventLayout before = layout;
        for (Map.Entry<String, FeatureSpec> each : key.features().entrySet()) {
          Feature feature = feature(each.getKey(), each.getValue());
          attempt(
              path + ".features." + feature.name(),
              () -> add(History.columns(List.of(feature), before, labelLayout)));
          features.add(feature);
        }
        history.add(features);
      }
      return history;
    }

    private List<Lookup> lookup() {
      List<Lookup> all = new ArrayList<>();
      for (int i = 0; i < spec.lookup().size(); i++) {
        LookupSpec each = spec.lookup().get(i);
        String path = "lookup." + i;
        List<LookupColumn> columns = new ArrayList<>();
        each.columns()
            .forEach(
                (name, column) ->
                    attempt(
                        path + ".columns." + name + ".default",
                        () -> columns.add(Lookups.column(name, column))));
        String from = path + ".from." + each.from().word();
        Contract contract = contract(from, each.from());
        attempt(
            from,
            () -> {
              ReferenceSource source = Lookups.source(each.from(), contract);
              columns.forEach(
                  column -> attempt(type(path, column), () -> source.checkColumn(column)));
              all.add(Lookups.of(each, source, columns));
            });
        // What leans on a lookup that is wrong is not to blame.
        done();
        attempt(path + ".key", () -> add(all.get(all.size() - 1)));
        done();
      }
      return all;
    }

    /** The place of a column's type. */
    private static String type(String path, LookupColumn column) {
      return "%s.columns.%s.%s".formatted(path, column.name(), column.type().word());
    }

    private void add(Lookup lookup) {
      layout = lookup.layout(layout);
    }

    private void compute() {
      spec.compute()
          .forEach(
              (name, source) ->
                  attempt(
                      "compute." + name,
                      () -> {
                        FieldType type = Expression.compile(source, layout).type().fieldType();
                        add(List.of(Field.of(name, type)));
                      }));
    }

    private @Nullable ModelPlan model() {
      InferSpec infer = spec.infer();
      if (infer == null) {
        return null;
      }
      done();
      try {
        ModelPlan model = ModelPlan.of(infer, layout);
        add(model.columns());
        return model;
      } catch (ModelPlan.Mismatch e) {
        throw new SpecException(spec.place(e.path()), String.valueOf(e.getMessage()));
      }
    }

    private void decide() {
      DecideSpec decide = spec.decide();
      if (decide != null) {
        for (int i = 0; i < decide.rules().size(); i++) {
          String when = decide.rules().get(i).when();
          attempt("decide.rules." + i + ".when", () -> Expression.condition(when, layout));
        }
        attempt("decide.field", () -> add(List.of(Field.of(decide.field(), FieldType.STRING))));
      }
    }

    private void sinks() {
      SourceSpec from = spec.events().from();
      for (int i = 0; i < spec.to().size(); i++) {
        RouteSpec route = spec.to().get(i);
        String path = spec.pathOfSink(i);
        attempt(path, () -> SinkCheck.decisions(route.sink(), from, layout));
        String when = route.when();
        if (when != null) {
          attempt(path + ".when", () -> Expression.condition(when, layout));
        }
        String orderBy = route.orderBy();
        if (orderBy != null) {
          attempt(path + ".orderBy", () -> layout.column(orderBy).asKey("key"));
        }
      }
      attempt("deadLetters", () -> SinkCheck.deadLetters(spec.deadLetters(), from));
    }

    private void add(List<Field> fields) {
      layout = layout.plus(fields);
    }

    /** Runs one check; what it finds wrong is reported with the others of its kind. */
    private void attempt(String path, Runnable check) {
      try {
        check.run();
      } catch (IllegalArgumentException e) {
        problems.add(spec.place(path) + ": " + e.getMessage());
      }
    }

    private void done() {
      if (!problems.isEmpty()) {
        throw new SpecException(problems);
      }
    }
  }

  private static Feature feature(String name, FeatureSpec spec) {
    return new Feature(
        name,
        Aggregate.valueOf(spec.aggregate().name()),
        Feature.Source.valueOf(spec.source().name()),
        spec.field(),
        spec.where(),
        spec.over(),
        spec.delay());
  }
}
