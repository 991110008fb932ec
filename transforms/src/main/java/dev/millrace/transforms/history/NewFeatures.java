package dev.millrace.transforms.history;

import dev.millrace.transforms.telemetry.StageCounter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which features were added since the state that a pipeline was restored from: once in the
 * log, and for every key in a counter, {@code history/startedEmpty.FEATURE}.
 */
final class NewFeatures {

  private static final Logger LOG = LoggerFactory.getLogger(NewFeatures.class);

  private final Map<String, StageCounter> keys = new HashMap<>();

  /** Tells that one key, which has a past, has none of {@code features}. */
  void startEmpty(List<String> features) {
    for (String feature : features) {
      keys.computeIfAbsent(feature, NewFeatures::announce).inc();
    }
  }

  private static StageCounter announce(String feature) {
    LOG.warn(
        "history: feature '{}' is not in the state that was restored: it starts empty, and is whole"
            + " once its window has passed; the others keep their past",
        feature);
    return StageCounter.of("history", "startedEmpty." + feature);
  }
}
