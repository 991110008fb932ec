package dev.millrace.transforms.deliver;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.transport.Destination;
import java.io.Serializable;
import org.apache.beam.sdk.values.KV;

/** Makes the record of a decision: its id as key, its encoding as value. Not thread-safe. */
final class DecisionRecords implements Serializable {

  private final DecisionEncoder encoder;
  private final Destination destination;
  private final int maxBytes;

  DecisionRecords(DecisionEncoder encoder, Destination destination, int maxBytes) {
    this.encoder = encoder;
    this.destination = destination;
    this.maxBytes = maxBytes;
  }

  /** Where they go. */
  Destination destination() {
    return destination;
  }

  /**
   * The record of {@code event}.
   *
   * @throws RejectedEvent when it is larger than the destination takes
   */
  KV<byte[], byte[]> of(Event event) throws RejectedEvent {
    byte[] key = event.idUtf8();
    byte[] value = encoder.encode(event);
    long size = destination.sizeOf(key, value);
    if (size > maxBytes) {
      String message =
          "found a decision of %,d bytes, its key and %s's own included, expected at most %,d"
              .formatted(size, destination.transport(), maxBytes);
      throw new RejectedEvent(
          DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, null));
    }
    return KV.of(key, value);
  }
}
