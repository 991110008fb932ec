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
import java.util.Arrays;
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
 * of them make each feature. Made once per stage from the features and the layouts. What is gone
 * over for every event is in arrays: a list's iterator costs as much as the work on it.
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
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Window(long over, int[] features) {}

  /** Windows that end at the same time, the shortest first: each contains the one before. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Windows(long delay, Window[] windows, int[] slots) {}

  /** What records add to a slot. */
  private record Contribution(Slot slot, @Nullable Column field, @Nullable Expression where) {}

  private final EventLayout events;
  private final @Nullable EventLayout labels;
  private final List<Slot> slots;
  private final Contribution[] contributions;
  private final Reading[] readings;
  private final Windows[] windows;
  private final double[] numbers;
  private final long reach;

  FeaturePlan(List<Feature> features, EventLayout events, @Nullable EventLayout labels) {
    this.events = events;
    this.labels = labels;
    List<Contribution> all = new ArrayList<>();
    this.readings = features.stream().map(each -> reading(each, all)).toArray(Reading[]::new);
    this.contributions = all.toArray(Contribution[]::new);
    this.slots = all.stream().map(Contribution::slot).toList();
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

  private Reading reading(Feature feature, List<Contribution> all) {
    int count = slot(feature, Kind.COUNT, Companions.NONE, all);
    return switch (feature.aggregate()) {
      case COUNT -> new Reading(feature, count, -1, count);
      case SUM -> new Reading(feature, count, -1, slot(feature, Kind.SUM, Companions.NONE, all));
      case MEAN -> new Reading(feature, count, slot(feature, Kind.SUM, Companions.NONE, all), -1);
      case MIN -> new Reading(feature, count, -1, slot(feature, Kind.MIN, Companions.NONE, all));
      case MAX -> new Reading(feature, count, -1, slot(feature, Kind.MAX, Companions.NONE, all));
      case LAST -> new Reading(feature, count, -1, slot(feature, Kind.LAST, Companions.NONE, all));
      case STDDEV -> {
        int sum = slot(feature, Kind.SUM, Companions.NONE, all);
        int squares = slot(feature, Kind.SQUARES, new Companions(count, sum), all);
        yield new Reading(feature, count, sum, squares);
      }
    };
  }

  private Windows windows(long delay, List<Feature> features) {
    Map<Long, List<Integer>> byLength =
        IntStream.range(0, readings.length)
            .filter(i -> features.contains(readings[i].feature))
            .boxed()
            .collect(
                groupingBy(i -> readings[i].feature.over().toMillis(), TreeMap::new, toList()));
    // Squares first: they need the counts and sums from before.
    int[] read =
        IntStream.range(0, slots.size())
            .filter(
                slot ->
                    Arrays.stream(readings)
                        .anyMatch(r -> features.contains(r.feature) && r.reads(slot)))
            .boxed()
            .sorted(Comparator.comparing(slot -> slots.get(slot).kind() != Kind.SQUARES))
            .mapToInt(slot -> slot)
            .toArray();
    return new Windows(
        delay,
        byLength.entrySet().stream()
            .map(e -> new Window(e.getKey(), e.getValue().stream().mapToInt(i -> i).toArray()))
            .toArray(Window[]::new),
        read);
  }

  private int slot(Feature feature, Kind kind, Companions squares, List<Contribution> all) {
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
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).slot.equals(slot)) {
        return i;
      }
    }
    all.add(
        new Contribution(
            slot,
            field,
            feature.where() == null ? null : Expression.condition(feature.where(), layout)));
    return all.size() - 1;
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
    return Arrays.stream(readings)
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
    return Arrays.stream(readings)
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
      Contribution contribution = contributions[i];
      Slot slot = contribution.slot;
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
      numbers[slot] = contributions[slot].slot.kind().none();
    }
    long until = time - ending.delay;
    int tile = history.firstAfter(until);
    for (Window window : ending.windows) {
      tile = history.mergeBack(tile, until - window.over, ending.slots, numbers);
      for (int feature : window.features) {
        Reading reading = readings[feature];
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
