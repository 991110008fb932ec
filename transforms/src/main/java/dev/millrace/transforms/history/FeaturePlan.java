package dev.millrace.transforms.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Expression;
import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.Slot.Companions;
import dev.millrace.transforms.history.Slot.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * What the features of one key need: which slots a tile has, what a record adds to them, and which
 * of them make each feature. Made once per stage from the features and the layouts.
 */
final class FeaturePlan {

  /** The slots that one feature is made of; -1 where its aggregate needs none. */
  private record Reading(Feature feature, int count, int sum, int value) {
    boolean reads(int slot) {
      return slot == count || slot == sum || slot == value;
    }

    /** The feature, out of what the slots come to over its window. */
    double of(double[] numbers) {
      double count = numbers[this.count];
      if (count == 0) {
        return 0;
      }
      return switch (feature.aggregate()) {
        case MEAN -> numbers[sum] / count;
        case STDDEV -> count < 2 ? 0 : Math.sqrt(numbers[value] / (count - 1));
        case COUNT, SUM, MIN, MAX, LAST -> numbers[value];
      };
    }
  }

  /** The features of one window, by their place in the plan. */
  private record Window(long over, List<Integer> features) {}

  /** Windows that end at the same time, the shortest first: each contains the one before. */
  private record Windows(long delay, List<Window> windows, int[] slots) {}

  private record Contribution(@Nullable Column field, @Nullable Expression where) {}

  private final EventLayout events;
  private final @Nullable EventLayout labels;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Contribution> contributions = new ArrayList<>();
  private final List<Reading> readings = new ArrayList<>();
  private final Windows[] windows;
  private final double[] numbers;
  private final long reach;

  FeaturePlan(List<Feature> features, EventLayout events, @Nullable EventLayout labels) {
    this.events = events;
    this.labels = labels;
    for (Feature feature : features) {
      readings.add(reading(feature));
    }
    this.windows =
        features.stream()
            .collect(groupingBy(f -> f.delay().toMillis(), TreeMap::new, toList()))
            .entrySet()
            .stream()
            .map(each -> windows(each.getKey(), each.getValue()))
            .toArray(Windows[]::new);
    this.numbers = new double[slots.size()];
    this.reach = features.stream().mapToLong(f -> f.reach().toMillis()).max().orElse(0);
  }

  private Reading reading(Feature feature) {
    int count = slot(feature, Kind.COUNT, Companions.NONE);
    return switch (feature.aggregate()) {
      case COUNT -> new Reading(feature, count, -1, count);
      case SUM -> new Reading(feature, count, -1, slot(feature, Kind.SUM, Companions.NONE));
      case MEAN -> new Reading(feature, count, slot(feature, Kind.SUM, Companions.NONE), -1);
      case MIN -> new Reading(feature, count, -1, slot(feature, Kind.MIN, Companions.NONE));
      case MAX -> new Reading(feature, count, -1, slot(feature, Kind.MAX, Companions.NONE));
      case LAST -> new Reading(feature, count, -1, slot(feature, Kind.LAST, Companions.NONE));
      case STDDEV -> {
        int sum = slot(feature, Kind.SUM, Companions.NONE);
        int squares = slot(feature, Kind.SQUARES, new Companions(count, sum));
        yield new Reading(feature, count, sum, squares);
      }
    };
  }

  private Windows windows(long delay, List<Feature> features) {
    Map<Long, List<Integer>> byLength =
        IntStream.range(0, readings.size())
            .filter(i -> features.contains(readings.get(i).feature))
            .boxed()
            .collect(
                groupingBy(i -> readings.get(i).feature.over().toMillis(), TreeMap::new, toList()));
    // Squares first: they need the counts and sums from before.
    int[] read =
        IntStream.range(0, slots.size())
            .filter(
                slot ->
                    readings.stream().anyMatch(r -> features.contains(r.feature) && r.reads(slot)))
            .boxed()
            .sorted(Comparator.comparing(slot -> slots.get(slot).kind() != Kind.SQUARES))
            .mapToInt(slot -> slot)
            .toArray();
    return new Windows(
        delay,
        byLength.entrySet().stream().map(e -> new Window(e.getKey(), e.getValue())).toList(),
        read);
  }

  private int slot(Feature feature, Kind kind, Companions squares) {
    EventLayout layout = feature.source() == Source.EVENTS ? events : labels;
    if (layout == null) {
      throw new IllegalArgumentException(
          "feature '%s': found an aggregate of labels, expected labels in the pipeline"
              .formatted(feature.name()));
    }
    Column field = feature.field() == null ? null : numeric(feature, layout);
    // A field that is never null is there as often as its event.
    String counted =
        kind == Kind.COUNT && field != null && !field.nullable() ? null : feature.field();
    Slot slot = new Slot(kind, feature.source(), counted, feature.where(), squares);
    if (!slots.contains(slot)) {
      slots.add(slot);
      contributions.add(
          new Contribution(
              field,
              feature.where() == null ? null : Expression.condition(feature.where(), layout)));
    }
    return slots.indexOf(slot);
  }

  private static Column numeric(Feature feature, EventLayout layout) {
    Column column = layout.column(String.valueOf(feature.field()));
    if (!column.type().numeric()) {
      throw new IllegalArgumentException(
          "feature '%s': found %s of '%s', which is %s, expected a number or a boolean"
              .formatted(feature.name(), feature.aggregate(), column.name(), column.type()));
    }
    return column;
  }

  /** The columns that the features become, in order. */
  List<Field> columns() {
    return readings.stream()
        .map(
            reading ->
                Field.of(
                    reading.feature.name(),
                    reading.feature.aggregate() == Aggregate.COUNT
                        ? FieldType.INT64
                        : FieldType.DOUBLE))
        .toList();
  }

  List<Slot> slots() {
    return slots;
  }

  /** The features that are made of one of {@code slots}, by name. */
  List<String> featuresOf(int[] slots) {
    return readings.stream()
        .filter(reading -> IntStream.of(slots).anyMatch(reading::reads))
        .map(reading -> reading.feature.name())
        .toList();
  }

  /** How far back the longest window reaches, in milliseconds. */
  long reach() {
    return reach;
  }

  /**
   * Puts into {@code tile} what {@code record} adds to each slot.
   *
   * @return false when it adds nothing to any
   */
  boolean contribute(Event record, Source source, double[] tile) {
    boolean any = false;
    for (int i = 0; i < tile.length; i++) {
      Slot slot = slots.get(i);
      Contribution contribution = contributions.get(i);
      double value = slot.kind().none();
      if (slot.source() == source
          && (contribution.where == null || contribution.where.test(record))) {
        double field = contribution.field == null ? 0 : contribution.field.asDouble(record);
        if (!Double.isNaN(field)) {
          any = true;
          value =
              switch (slot.kind()) {
                case COUNT -> 1;
                case SQUARES -> 0;
                case SUM, MIN, MAX, LAST -> field;
              };
        }
      }
      tile[i] = value;
    }
    return any;
  }

  /** Writes every feature, as of {@code time}, into the columns of the same order. */
  void write(KeyHistory history, long time, EventBuilder builder, Column[] columns) {
    for (Windows ending : windows) {
      write(history, time, builder, columns, ending);
    }
  }

  /** Goes back over the tiles once: what the shorter window comes to, the longer starts from. */
  private void write(
      KeyHistory history, long time, EventBuilder builder, Column[] columns, Windows ending) {
    for (int slot : ending.slots) {
      numbers[slot] = slots.get(slot).kind().none();
    }
    long until = time - ending.delay;
    int tile = history.firstAfter(until);
    for (Window window : ending.windows) {
      tile = history.mergeBack(tile, until - window.over, ending.slots, numbers);
      for (int feature : window.features) {
        Reading reading = readings.get(feature);
        double value = reading.of(numbers);
        if (reading.feature.aggregate() == Aggregate.COUNT) {
          builder.setLong(columns[feature], (long) value);
        } else {
          builder.setDouble(columns[feature], value);
        }
      }
    }
  }
}
