package dev.millrace.transforms.lookup;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.lookup.AskingRules.WhenUnavailable;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.jspecify.annotations.Nullable;

/**
 * Emits each event with columns behind its own that are fields of a record, which the text of its
 * key column finds in a source; never null. Where there is no record, or the key is null, the
 * columns have their defaults; when one has none, the event becomes a dead letter of reason {@code
 * LOOKUP_MISSING}. A record that lacks a field without default, or has a value of another type,
 * makes one of reason {@code LOOKUP_INVALID}.
 *
 * <p>A status column, where there is one, says {@code FOUND}, {@code MISSING}, or {@code FALLBACK}
 * where nobody answered and the defaults stand in. Events leave in the order in which they came,
 * with their timestamps and windows. What is looked up is what the source says now, whatever the
 * event's time.
 *
 * <p>Those of a table are answered at once. A remote source is asked for the distinct keys of the
 * events that are there, {@value LookupStep#BATCH} at most, without a shuffle; done in passing,
 * such a lookup should be {@link #aside}, for the stage that does it waits for the answer.
 *
 * <pre>{@code
 * events.apply(
 *     "Customer",
 *     Lookup.by("customer_id", CompactedTopic.of("localhost:9092", "customers"))
 *         .withColumn(LookupColumn.of("segment", LookupType.STRING, "segment").withDefault("NONE"))
 *         .withStatus("customer_lookup"));
 * }</pre>
 */
public final class Lookup extends EventStage {

  private final String key;
  private final ReferenceSource source;
  private final LookupColumns columns;
  private final AskingRules rules;

  private Lookup(String key, ReferenceSource source, LookupColumns columns, AskingRules rules) {
    this.key = key;
    this.source = source;
    this.columns = columns;
    this.rules = rules;
  }

  /** Looks up the text of the column {@code key}; {@link #withColumn} says what for. */
  public static Lookup by(String key, ReferenceSource source) {
    return new Lookup(key, source, new LookupColumns(List.of(), null), AskingRules.DEFAULT);
  }

  /** A further column behind those before. */
  public Lookup withColumn(LookupColumn column) {
    List<LookupColumn> more = new ArrayList<>(columns.columns());
    more.add(column);
    return new Lookup(key, source, new LookupColumns(more, columns.status()), rules);
  }

  /** A column behind the others that says what became of the lookup. None by default. */
  public Lookup withStatus(String name) {
    return new Lookup(key, source, new LookupColumns(columns.columns(), name), rules);
  }

  /** How a remote source is asked. {@link AskingRules#DEFAULT} by default. */
  public Lookup withRules(AskingRules rules) {
    return new Lookup(key, source, columns, rules);
  }

  /** Whether others are asked, for which events wait. */
  public boolean isRemote() {
    return source.isRemote();
  }

  /** The columns that are added. */
  public List<Field> columns() {
    return columns.fields();
  }

  /**
   * Looks, before launch, whether the source is there and has what is wanted.
   *
   * @return what to warn of: that it does not answer, where events do not wait for it; null for
   *     nothing
   * @throws IllegalArgumentException saying what was found and what is expected
   */
  public @Nullable String check() {
    try {
      source.check(columns);
    } catch (IOException e) {
      String found = "%s: found %s".formatted(source.name(), e.getMessage());
      if (source.isRemote() && rules.whenUnavailable() == WhenUnavailable.DEFAULT) {
        return found + "; until it answers, events get defaults";
      }
      throw new IllegalArgumentException(found + ", expected it to answer", e);
    }
    return null;
  }

  @Override
  public EventLayout layout(EventLayout input) {
    Column unused = input.column(key).asKey("lookup key");
    if (columns.columns().isEmpty()) {
      throw new IllegalArgumentException(
          "lookup by '%s': found no columns, expected one or more".formatted(key));
    }
    columns.columns().forEach(source::checkColumn);
    if (source.isRemote() && rules.whenUnavailable() == WhenUnavailable.DEFAULT) {
      checkFallback();
    }
    return input.plus(columns.fields());
  }

  /** What is made up must be whole, and be told from what was found. */
  private void checkFallback() {
    if (columns.status() == null || !columns.haveDefaults()) {
      throw new IllegalArgumentException(
          "lookup by '%s', with defaults when its source is unavailable: found %s, expected a default for each column and a status column"
              .formatted(
                  key,
                  columns.haveDefaults()
                      ? "no status column"
                      : "no default for " + String.join(", ", columns.withoutDefault())));
    }
  }

  @Override
  public EventStep step(EventLayout input) {
    return new LookupStep(
        input.column(key), layout(input), new SharedReferences.Wanted(source, columns, rules));
  }
}
