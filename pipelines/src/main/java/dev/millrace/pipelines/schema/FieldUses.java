package dev.millrace.pipelines.schema;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.FeatureSpec;
import dev.millrace.pipelines.spec.HistorySpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Expression;
import dev.millrace.transforms.history.Feature;
import dev.millrace.transforms.history.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * What in a pipeline depends on each field of one of its streams, through features and computed
 * columns as far as the model's inputs and the rules of the decision.
 */
public final class FieldUses {

  /** As what a field is used, in the order in which it is told. */
  enum Role {
    ID("the id"),
    TIME("the event time"),
    KEY("the key of"),
    RULE("the rules"),
    FEATURE("the features"),
    LOOKUP("the looked-up columns"),
    COMPUTED("the computed columns"),
    INPUT("the model's inputs"),
    DECISION("the decision"),
    SINK("where decisions go");

    private final String words;

    Role(String words) {
      this.words = words;
    }
  }

  private final boolean ofLabels;
  private final PipelinePlan plan;
  private final EventLayout contract;
  private final Map<String, Map<Role, Set<String>>> uses = new HashMap<>();
  private final List<NullProbe> expressions = new ArrayList<>();
  // Of every column that events have by now, the fields that it is made from.
  private final Map<String, Set<String>> origins = new HashMap<>();
  private EventLayout layout;

  private FieldUses(PipelinePlan plan, @Nullable Contract contract, boolean ofLabels) {
    this.plan = plan;
    this.ofLabels = ofLabels;
    this.contract = Objects.requireNonNull(contract).layout();
    this.layout = plan.events().layout();
    use(Objects.requireNonNull(this.contract.id()).name(), Role.ID, "");
    use(Objects.requireNonNull(this.contract.time()).name(), Role.TIME, "");
    if (!ofLabels) {
      layout.columns().forEach(column -> origins.put(column.name(), Set.of(column.name())));
      plan.spec().validate().forEach(rule -> read(rule, Role.RULE, "'" + rule + "'"));
    }
    history();
    lookup();
    compute();
    decisions();
  }

  /** Of the stream that is decided upon. */
  public static FieldUses ofEvents(PipelinePlan plan) {
    return new FieldUses(plan, plan.events(), false);
  }

  /**
   * Of the stream of labels.
   *
   * @throws NullPointerException when the plan has none
   */
  public static FieldUses ofLabels(PipelinePlan plan) {
    return new FieldUses(plan, plan.labels(), true);
  }

  private void history() {
    PipelineSpec spec = plan.spec();
    EventLayout labels = plan.labels() == null ? null : plan.labels().layout();
    for (int i = 0; i < spec.history().size(); i++) {
      HistorySpec key = spec.history().get(i);
      Set<String> keys = ofLabels ? Set.of(key.key()) : from(key.key());
      EventLayout before = layout;
      for (Feature feature : plan.history().get(i)) {
        FeatureSpec made = Objects.requireNonNull(key.features().get(feature.name()));
        Set<String> fields = new LinkedHashSet<>();
        if (!ofLabels || made.source() == FeatureSpec.Source.LABELS) {
          keys.forEach(field -> use(field, Role.KEY, feature.name()));
          fields.addAll(keys);
        }
        fields.addAll(aggregated(made, before));
        derive(feature.name(), fields, Role.FEATURE);
        layout = layout.plus(History.columns(List.of(feature), before, labels));
      }
    }
  }

  /** The fields of this stream that a feature aggregates, or picks records by. */
  private Set<String> aggregated(FeatureSpec feature, EventLayout before) {
    boolean overLabels = feature.source() == FeatureSpec.Source.LABELS;
    if (overLabels != ofLabels && !(plan.spec().labels() instanceof LabelsSpec.OfEvents)) {
      return Set.of();
    }
    Set<String> columns = new LinkedHashSet<>();
    if (feature.field() != null) {
      columns.add(feature.field());
    }
    if (feature.where() != null) {
      EventLayout over = overLabels ? contract : before;
      Expression where = Expression.compile(feature.where(), over);
      expressions.add(new NullProbe(where, over));
      columns.addAll(where.columns());
    }
    Set<String> fields = new LinkedHashSet<>();
    columns.forEach(column -> fields.addAll(ofLabels ? Set.of(column) : from(column)));
    return fields;
  }

  private void lookup() {
    for (int i = 0; i < plan.lookup().size(); i++) {
      Set<String> fields = from(plan.spec().lookup().get(i).key());
      List<Field> columns = plan.lookup().get(i).columns();
      columns.forEach(column -> derive(column.getName(), fields, Role.LOOKUP));
      layout = layout.plus(columns);
    }
  }

  private void compute() {
    plan.spec()
        .compute()
        .forEach(
            (name, source) -> {
              Expression expression = ofEvents(source);
              derive(name, from(expression.columns()), Role.COMPUTED);
              Field made = Field.of(name, expression.type().fieldType());
              layout = layout.plus(List.of(made));
            });
  }

  private void decisions() {
    PipelineSpec spec = plan.spec();
    if (spec.infer() != null && plan.model() != null) {
      for (String input : spec.infer().inputs()) {
        from(input).forEach(field -> use(field, Role.INPUT, input));
      }
      layout = layout.plus(plan.model().columns());
    }
    if (spec.decide() != null) {
      spec.decide()
          .rules()
          .forEach(rule -> read(rule.when(), Role.DECISION, "'" + rule.when() + "'"));
      layout = layout.plus(List.of(Field.of(spec.decide().field(), FieldType.STRING)));
    }
    for (RouteSpec route : spec.to()) {
      if (route.when() != null) {
        read(route.when(), Role.SINK, "'" + route.when() + "'");
      }
      if (route.sink() instanceof SinkSpec.Redis redis) {
        redis
            .columns()
            .forEach(column -> from(column).forEach(field -> use(field, Role.SINK, column)));
      }
      if (route.orderBy() != null) {
        from(route.orderBy()).forEach(field -> use(field, Role.SINK, route.orderBy()));
      }
    }
  }

  private void read(String source, Role role, String name) {
    from(ofEvents(source).columns()).forEach(field -> use(field, role, name));
  }

  private Expression ofEvents(String source) {
    Expression expression = Expression.compile(source, layout);
    if (!ofLabels) {
      expressions.add(new NullProbe(expression, layout));
    }
    return expression;
  }

  private void derive(String column, Set<String> fields, Role role) {
    origins.put(column, fields);
    fields.forEach(field -> use(field, role, column));
  }

  private Set<String> from(String column) {
    return origins.getOrDefault(column, Set.of());
  }

  private Set<String> from(Set<String> columns) {
    Set<String> fields = new LinkedHashSet<>();
    columns.forEach(column -> fields.addAll(from(column)));
    return fields;
  }

  private void use(String field, Role role, String name) {
    uses.computeIfAbsent(field, any -> new TreeMap<>())
        .computeIfAbsent(role, any -> new LinkedHashSet<>())
        .add(name);
  }

  /** For people, what depends on a field or on one within it. */
  List<String> of(String path) {
    Map<Role, Set<String>> all = new TreeMap<>();
    uses.forEach(
        (field, roles) -> {
          if (isWithin(field, path)) {
            roles.forEach(
                (role, names) ->
                    all.computeIfAbsent(role, any -> new LinkedHashSet<>()).addAll(names));
          }
        });
    // A key's features are told once.
    if (all.containsKey(Role.KEY) && all.containsKey(Role.FEATURE)) {
      all.get(Role.FEATURE).removeAll(all.get(Role.KEY));
    }
    return all.entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .map(each -> (each.getKey().words + " " + String.join(", ", each.getValue())).strip())
        .toList();
  }

  /** Whether a field is what events are known, dated or kept by: it may never be null. */
  boolean identifies(String path) {
    Set<Role> roles = uses.getOrDefault(path, Map.of()).keySet();
    return roles.contains(Role.ID) || roles.contains(Role.TIME) || roles.contains(Role.KEY);
  }

  /** Whether the model is given the field itself. */
  boolean isInput(String path) {
    return uses.getOrDefault(path, Map.of()).getOrDefault(Role.INPUT, Set.of()).contains(path);
  }

  /** The expressions that fail where a field is null. */
  List<String> failingOnNull(String path) {
    return expressions.stream()
        .filter(each -> each.failsOn(path))
        .map(each -> "'" + each.expression().source() + "'")
        .distinct()
        .toList();
  }

  private static boolean isWithin(String field, String path) {
    return field.equals(path)
        || field.startsWith(path + ".")
        || field.startsWith(path + "[]")
        || path.startsWith(field + "[]")
        || path.isEmpty();
  }
}
