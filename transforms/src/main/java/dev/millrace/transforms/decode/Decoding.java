package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Resent;
import dev.millrace.transforms.event.Attempt;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.BackOffUtils;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.Sleeper;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a record, at once or after it has waited: an event or a dead letter. */
final class Decoding implements Serializable {

  private static final org.joda.time.Duration FIRST_PAUSE = org.joda.time.Duration.millis(100);
  private static final org.joda.time.Duration LONGEST_PAUSE =
      org.joda.time.Duration.standardSeconds(2);

  private final RecordFormat format;
  private final String pipeline;
  private final TupleTag<Event> events;
  private final TupleTag<DeadLetter> deadLetters;
  private final StageCounter decoded = StageCounter.of("decode", "decoded");
  private transient @Nullable RecordDecoder decoder;
  private transient long decodedUntold;

  Decoding(
      RecordFormat format,
      String pipeline,
      TupleTag<Event> events,
      TupleTag<DeadLetter> deadLetters) {
    this.format = format;
    this.pipeline = pipeline;
    this.events = events;
    this.deadLetters = deadLetters;
  }

  /** On the worker, before the first record. */
  void open() {
    decoder = format.open();
  }

  /**
   * Emits the event or the dead letter of a record that came with this timestamp. It is counted
   * when {@link #tell} is called, in the same bundle.
   *
   * @param out the context, for of a receiver Beam makes each element twice
   * @throws SchemaSourceUnavailableException when it can be neither yet; nothing is emitted then
   */
  void emit(RawRecord record, Instant timestamp, DoFn<?, Event>.WindowedContext out) {
    Event event;
    try {
      event = decode(record);
    } catch (UndecodableException e) {
      Metrics.counter("decode", "dead_letters_" + e.reason()).inc();
      out.outputWithTimestamp(deadLetters, deadLetter(record, e), timestamp);
      return;
    }
    decodedUntold++;
    // Never out of range: decoding admits the years 1 to 9999 only.
    Instant at =
        record.timestamp() == RawRecord.NO_TIMESTAMP
            ? Instant.ofEpochMilli(event.time())
            : timestamp;
    out.outputWithTimestamp(events, event, at);
  }

  /** Counts the events emitted since it was called last. */
  void tell() {
    decoded.inc(decodedUntold);
    decodedUntold = 0;
  }

  /**
   * Returns when the schema of a record can be had, or is known not to exist.
   *
   * @throws SchemaSourceUnavailableException when the patience is over
   */
  void awaitSchema(RawRecord record, Duration patience) {
    BackOff pauses =
        FluentBackoff.DEFAULT
            .withInitialBackoff(FIRST_PAUSE)
            .withMaxBackoff(LONGEST_PAUSE)
            .withMaxCumulativeBackoff(org.joda.time.Duration.millis(patience.toMillis()))
            .backoff();
    while (true) {
      try {
        decode(record);
        return;
      } catch (UndecodableException e) {
        return;
      } catch (SchemaSourceUnavailableException e) {
        if (!pause(pauses)) {
          throw e;
        }
      }
    }
  }

  private static boolean pause(BackOff pauses) {
    try {
      return BackOffUtils.next(Sleeper.DEFAULT, pauses);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Event decode(RawRecord record) throws UndecodableException {
    if (decoder == null) {
      throw new IllegalStateException("not set up");
    }
    RawRecord.Fault fault = record.fault();
    if (fault != null) {
      throw new UndecodableException(fault.reason(), fault.message());
    }
    Event event = decoder.decode(record);
    Attempt attempt = Resent.attempt(record.attributes(), pipeline);
    return attempt.isFirst() ? event : event.withAttempt(attempt);
  }

  /** The dead letter of a record; its payload is whole wherever it fits a Kafka record. */
  static DeadLetter deadLetter(RawRecord record, UndecodableException failure) {
    byte[] payload = record.payload();
    String message = failure.message();
    if (payload.length > DeadLetter.LONGEST_PAYLOAD) {
      message +=
          "; only the first %d of %d bytes are kept here"
              .formatted(DeadLetter.LONGEST_PAYLOAD, payload.length);
      payload = Arrays.copyOf(payload, DeadLetter.LONGEST_PAYLOAD);
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    SchemaId schemaId = failure.schemaId();
    return DeadLetter.undecodable(
        record.origin(),
        record.key(),
        payload,
        record.attributes(),
        schemaId == null ? null : schemaId.value(),
        failure.reason(),
        message,
        cause);
  }
}
