package dev.millrace.transforms.deliver;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.transport.Destination;
import dev.millrace.transforms.transport.OutgoingRecord;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Makes the record of a decision, whose value is its encoding. Not thread-safe. */
final class DecisionRecords implements Serializable {

  private final DecisionEncoder encoder;
  private final Destination destination;
  private final @Nullable Column orderBy;
  private final int maxBytes;

  /**
   * @param orderBy the column that is the key of its record; null for the event's id
   */
  DecisionRecords(
      DecisionEncoder encoder, Destination destination, @Nullable Column orderBy, int maxBytes) {
    this.encoder = encoder;
    this.destination = destination;
    this.orderBy = orderBy;
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
  OutgoingRecord of(Event event) throws RejectedEvent {
    byte[] id = event.idUtf8();
    byte[] key = orderBy == null || orderBy.isNull(event) ? id : orderBy.utf8(event);
    OutgoingRecord record = new OutgoingRecord(id, key, encoder.encode(event));
    long size = destination.sizeOf(record);
    if (size > maxBytes) {
      String message =
          "found a decision of %,d bytes, its key and %s's own included, expected at most %,d"
              .formatted(size, destination.transport(), maxBytes);
      throw new RejectedEvent(
          DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, null));
    }
    return record;
  }
}
