package dev.millrace.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the records of a stream come from. */
public sealed interface SourceSpec {

  /**
   * A Kafka topic.
   *
   * @param bootstrapServers host:port, several separated by commas
   * @param groupId the consumer group, null to leave the choice to the pipeline
   * @param settings passed through to the Kafka consumer; may hold {@code secret:} references
   */
  record Kafka(
      String bootstrapServers, String topic, @Nullable String groupId, Map<String, String> settings)
      implements SourceSpec {
    public Kafka {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /**
   * Files that are read once from beginning to end, so that the stream is bounded.
   *
   * @param path one file or a glob; {@code .gz} is unpacked
   */
  record Files(String path) implements SourceSpec {}
}
