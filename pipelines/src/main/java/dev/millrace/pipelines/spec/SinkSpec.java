package dev.millrace.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where decisions or dead letters go. */
public sealed interface SinkSpec {

  /**
   * A Kafka topic.
   *
   * @param settings passed through to the Kafka producer; may hold {@code secret:} references
   * @param maxRecordBytes what is larger becomes a dead letter instead of failing the delivery
   */
  record Kafka(
      String bootstrapServers, String topic, Map<String, String> settings, int maxRecordBytes)
      implements SinkSpec {

    /** Below the 1 MiB that a broker accepts by default, with room for the record's frame. */
    public static final int DEFAULT_MAX_RECORD_BYTES = 1_000_000;

    public Kafka {
      if (maxRecordBytes < 1) {
        throw new IllegalArgumentException(
            "found maxRecordBytes " + maxRecordBytes + ", expected 1 or more");
      }
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /** Files whose names begin with a path. */
  record Files(String path) implements SinkSpec {}
}
