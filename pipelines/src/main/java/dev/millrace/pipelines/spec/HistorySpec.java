package dev.millrace.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The features that follow one key through time.
 *
 * @param key the field whose equal values belong together
 * @param features by the name of the column they become, in the order of the columns
 * @param cap how many distinct times are kept per key; past it the oldest are merged
 */
public record HistorySpec(String key, Map<String, FeatureSpec> features, int cap) {

  /** A hundred a day for forty days. */
  public static final int DEFAULT_CAP = 4096;

  public HistorySpec {
    if (cap < 1) {
      throw new IllegalArgumentException("found cap " + cap + ", expected 1 or more");
    }
    features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
  }
}
