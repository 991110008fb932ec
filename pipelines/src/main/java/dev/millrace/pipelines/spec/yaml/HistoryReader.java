package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FeatureSpec;
import dev.millrace.pipelines.spec.FeatureSpec.Aggregate;
import dev.millrace.pipelines.spec.FeatureSpec.Source;
import dev.millrace.pipelines.spec.HistorySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the features of one key: {@code customer_mean_7d: { mean: amount, over: 7d }}. */
final class HistoryReader {

  private static final List<String> AGGREGATES =
      Arrays.stream(Aggregate.values()).map(a -> a.name().toLowerCase(Locale.ROOT)).toList();

  private static final List<String> KEYS =
      Stream.concat(AGGREGATES.stream(), Stream.of("of", "where", "over", "delay")).toList();

  private HistoryReader() {}

  static HistorySpec history(Value value) {
    Section section = value.section("key", "features", "cap");
    String key = section.required("key").field();
    Map<String, FeatureSpec> features =
        section.required("features").columns(HistoryReader::feature);
    int cap =
        section
            .optional("cap")
            .map(most -> most.number(1, 1_000_000))
            .orElse(HistorySpec.DEFAULT_CAP);
    return new HistorySpec(key, features, cap);
  }

  private static FeatureSpec feature(Value value) {
    Section section = value.section(KEYS);
    Section.Chosen chosen = section.exactlyOne(AGGREGATES);
    Aggregate aggregate = Aggregate.valueOf(chosen.key().toUpperCase(Locale.ROOT));
    String field = aggregate == Aggregate.COUNT ? null : chosen.value().field();
    Source source = aggregate == Aggregate.COUNT ? counted(chosen, section) : aggregated(section);
    String where = section.optional("where").map(Value::text).orElse(null);
    Duration over = section.required("over").duration();
    Duration delay = section.optional("delay").map(Value::duration).orElse(Duration.ZERO);
    return section
        .required("over")
        .checked(() -> new FeatureSpec(aggregate, source, field, where, over, delay));
  }

  private static Source aggregated(Section section) {
    return section.optional("of").map(of -> of.choice(Source.class)).orElse(Source.EVENTS);
  }

  private static Source counted(Section.Chosen chosen, Section section) {
    section
        .optional("of")
        .ifPresent(
            of -> {
              throw of.problem(
                  "found 'of' beside 'count', expected 'count: events' or 'count: labels' alone");
            });
    return chosen.value().choice(Source.class);
  }
}
