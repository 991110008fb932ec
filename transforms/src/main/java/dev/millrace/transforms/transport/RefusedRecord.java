package dev.millrace.transforms.transport;

import java.io.IOException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

/** What to say of a record that a broker did not take: where it was going, why, and what to do. */
final class RefusedRecord {

  private RefusedRecord() {}

  static IOException by(KafkaTopic topic, Exception cause) {
    return new IOException(
        "Kafka topic '%s' on %s: found a record that was not taken (%s: %s), %s; the bundle is tried again"
            .formatted(
                topic.topic(),
                topic.bootstrapServers(),
                cause.getClass().getSimpleName(),
                cause.getMessage(),
                remedy(cause)),
        cause);
  }

  private static String remedy(Exception cause) {
    if (cause instanceof RecordTooLargeException) {
      return "expected one within the topic's max.message.bytes: raise it, or set the sink's maxRecordBytes to what it was lowered to";
    }
    if (cause instanceof TimeoutException) {
      return "expected a broker that is reachable from the workers within delivery.timeout.ms";
    }
    if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
      return "expected a user who may write to it";
    }
    if (cause instanceof ProducerFencedException) {
      return "expected to be the only one of its sinkId: is the pipeline running twice?";
    }
    return "expected it to be written";
  }
}
