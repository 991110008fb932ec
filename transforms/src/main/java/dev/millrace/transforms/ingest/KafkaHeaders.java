package dev.millrace.transforms.ingest;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Kafka's headers as a record's attributes. */
public final class KafkaHeaders {

  private static final byte[] NONE = {};

  private KafkaHeaders() {}

  /** The last of each name; one without a value is empty. */
  public static Map<String, byte[]> attributes(Headers headers) {
    Map<String, byte[]> attributes = Map.of();
    for (Header header : headers) {
      if (attributes.isEmpty()) {
        attributes = new HashMap<>();
      }
      attributes.put(header.key(), header.value() == null ? NONE : header.value());
    }
    return attributes;
  }
}
