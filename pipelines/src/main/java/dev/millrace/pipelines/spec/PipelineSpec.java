package dev.millrace.pipelines.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline, from its events to its decisions.
 *
 * <p>Whoever makes one is told at once, by a {@link SpecException}, about two columns of one name
 * and about features over labels that the pipeline does not have. What needs the contract or the
 * model to be judged (fields, types of expressions, inputs) is not checked here.
 *
 * @param pipeline the name, which becomes part of step names, metrics and dead letters
 * @param labels null when nothing is learnt about events afterwards
 * @param validate CEL expressions that every event must satisfy
 * @param history one entry per key
 * @param lookup what is known elsewhere about keys of an event, in the order in which it is asked
 * @param compute by the name of the column they become, CEL expressions over fields and features
 * @param to where decisions go; empty when nothing is delivered, as in a backfill
 * @param folder what relative paths of a spec made in code are relative to; those of a file are
 *     absolute already
 * @param places where the values stand, by path; empty for a spec made in code
 */
public record PipelineSpec(
    String pipeline,
    StreamSpec events,
    @Nullable LabelsSpec labels,
    List<String> validate,
    List<HistorySpec> history,
    List<LookupSpec> lookup,
    Map<String, String> compute,
    @Nullable InferSpec infer,
    @Nullable DecideSpec decide,
    List<RouteSpec> to,
    @Nullable SinkSpec deadLetters,
    Path folder,
    Map<String, Place> places) {

  public PipelineSpec {
    validate = List.copyOf(validate);
    history = List.copyOf(history);
    lookup = List.copyOf(lookup);
    compute = Collections.unmodifiableMap(new LinkedHashMap<>(compute));
    to = List.copyOf(to);
    places = Map.copyOf(places);
    List<String> problems = new ArrayList<>();
    checkLabels(labels, history, places, problems);
    checkNames(paths(history, lookup, compute, infer, decide), places, problems);
    checkSinks(to, places, problems);
    if (!problems.isEmpty()) {
      throw new SpecException(problems);
    }
  }

  /**
   * Where the value at a path was written, or the nearest value around it: {@code
   * decide.rules.0.when} for an error in that expression. In a spec made in code it is the path.
   */
  public Place place(String path) {
    return place(places, path);
  }

  /** The path of one of the sinks that decisions go to: there may be one, without a list. */
  public String pathOfSink(int index) {
    String listed = "to." + index;
    return places.containsKey(listed) ? listed : "to";
  }

  /** The Kafka topics that decisions go to. */
  public List<SinkSpec.Kafka> decisionTopics() {
    return to.stream().flatMap(route -> route.sink().asKafka().stream()).toList();
  }

  /** The first Kafka topic that decisions go to, where they go to one. */
  public Optional<SinkSpec.Kafka> decisionTopic() {
    return decisionTopics().stream().findFirst();
  }

  /** The Kafka topic that dead letters go to, where they go to one. */
  public Optional<SinkSpec.Kafka> deadLetterTopic() {
    return Optional.ofNullable(deadLetters).flatMap(SinkSpec::asKafka);
  }

  /**
   * What a run connects to and the specification names, each once: brokers, registries, servers.
   */
  public List<String> servers() {
    Set<String> all = new LinkedHashSet<>();
    List<SourceSpec> sources = new ArrayList<>(List.of(events.from()));
    List<FormatSpec> formats = new ArrayList<>(List.of(events.format()));
    if (labels instanceof LabelsSpec.Stream stream) {
      sources.add(stream.from());
      formats.add(stream.format());
    }
    sources.forEach(source -> source.server().ifPresent(all::add));
    to.forEach(route -> route.sink().server().ifPresent(all::add));
    Optional.ofNullable(deadLetters).flatMap(SinkSpec::server).ifPresent(all::add);
    for (LookupSpec each : lookup) {
      if (each.from() instanceof ReferenceSpec.Kafka topic && topic.format() != null) {
        formats.add(topic.format());
      }
    }
    for (FormatSpec format : formats) {
      if (format instanceof FormatSpec.Framed framed && framed.registry() != null) {
        all.add(framed.registry().url());
      }
    }
    lookup.forEach(each -> each.from().server().ifPresent(all::add));
    return List.copyOf(all);
  }

  private static Place place(Map<String, Place> places, String path) {
    String around = path;
    while (!places.containsKey(around) && around.contains(".")) {
      around = around.substring(0, around.lastIndexOf('.'));
    }
    Place place = places.get(around);
    return place == null ? Place.of(path) : place;
  }

  private static void checkLabels(
      @Nullable LabelsSpec labels,
      List<HistorySpec> history,
      Map<String, Place> places,
      List<String> problems) {
    for (int i = 0; i < history.size(); i++) {
      for (Map.Entry<String, FeatureSpec> feature : history.get(i).features().entrySet()) {
        if (labels == null && feature.getValue().source() == FeatureSpec.Source.LABELS) {
          problems.add(
              place(places, "history." + i + ".features." + feature.getKey())
                  + ": found a feature over labels in a pipeline without labels, expected a"
                  + " section 'labels' or a feature over events");
        }
      }
    }
  }

  private static void checkSinks(
      List<RouteSpec> to, Map<String, Place> places, List<String> problems) {
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int i = 0; i < to.size(); i++) {
      Integer before = first.putIfAbsent(to.get(i).sink().name(), i);
      if (before != null) {
        problems.add(
            "%s: found %s, which to.%d is already, expected one condition for both"
                .formatted(place(places, "to." + i), to.get(i).sink().name(), before));
      }
    }
  }

  private static void checkNames(
      List<Named> named, Map<String, Place> places, List<String> problems) {
    Map<String, String> firstPaths = new LinkedHashMap<>();
    for (Named each : named) {
      String first = firstPaths.putIfAbsent(each.name(), each.path());
      if (first != null) {
        problems.add(
            "%s: found '%s', which %s has already, expected another name"
                .formatted(place(places, each.path()), each.name(), first));
      }
    }
  }

  private static List<Named> paths(
      List<HistorySpec> history,
      List<LookupSpec> lookup,
      Map<String, String> compute,
      @Nullable InferSpec infer,
      @Nullable DecideSpec decide) {
    List<Named> columns = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      String features = "history." + i + ".features.";
      history.get(i).features().keySet().forEach(n -> columns.add(new Named(n, features + n)));
    }
    for (int i = 0; i < lookup.size(); i++) {
      String path = "lookup." + i + ".";
      lookup
          .get(i)
          .columns()
          .keySet()
          .forEach(n -> columns.add(new Named(n, path + "columns." + n)));
      String status = lookup.get(i).status();
      if (status != null) {
        columns.add(new Named(status, path + "status"));
      }
    }
    compute.keySet().forEach(n -> columns.add(new Named(n, "compute." + n)));
    if (infer != null) {
      infer.outputs().keySet().forEach(n -> columns.add(new Named(n, "infer.outputs." + n)));
    }
    if (decide != null) {
      columns.add(new Named(decide.field(), "decide.field"));
    }
    return columns;
  }

  private record Named(String name, String path) {}
}
