package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.telemetry.StageCounter;
import java.util.Arrays;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Emits one event for each record that its format can decode, and one dead letter for each that it
 * cannot, with the payload as it came.
 *
 * <p>Timestamps: an element keeps the timestamp that its transport gave it; where the transport
 * gave none, as for files, it is the event's own time. So a Kafka stream's watermark follows Kafka,
 * and history out of files can be sorted by time. Windows and order are kept. The event's own time
 * is {@link Event#time()} in both.
 *
 * <p>The counters {@code decoded} and {@code dead_letters_<reason>} count both outputs. A payload
 * that is too large for a Kafka record (over 900,000 bytes) is cut off in its dead letter, which
 * says so; its origin tells where the whole is. A {@link SchemaSourceUnavailableException} fails
 * the bundle, which the runner tries again.
 *
 * <pre>{@code
 * StageResult<Event> decoded = records.apply("Decode", Decode.by(AvroFormat.of(contract)));
 * }</pre>
 */
public final class Decode extends PTransform<PCollection<RawRecord>, StageResult<Event>> {

  /** How many bytes of a payload its dead letter keeps. */
  public static final int LONGEST_PAYLOAD_KEPT = 900_000;

  /** The attribute that says how often a record was sent; it has none when it was once. */
  public static final String ATTEMPT = "millrace.attempt";

  private final RecordFormat format;

  private Decode(RecordFormat format) {
    this.format = format;
  }

  public static Decode by(RecordFormat format) {
    return new Decode(format);
  }

  @Override
  public StageResult<Event> expand(PCollection<RawRecord> records) {
    TupleTag<Event> events = new TupleTag<>() {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>() {};
    PCollectionTuple both =
        records.apply(
            "Decode payloads",
            ParDo.of(new DecodePayloads(format, events, deadLetters))
                .withOutputTags(events, TupleTagList.of(deadLetters)));
    return StageResult.of(both, events, deadLetters, EventCoder.of(format.contract().layout()));
  }

  /** The dead letter of a record; its payload is whole wherever it fits a Kafka record. */
  static DeadLetter deadLetter(RawRecord record, UndecodableException failure) {
    byte[] payload = record.payload();
    String message = failure.message();
    if (payload.length > LONGEST_PAYLOAD_KEPT) {
      message +=
          "; only the first %d of %d bytes are kept here"
              .formatted(LONGEST_PAYLOAD_KEPT, payload.length);
      payload = Arrays.copyOf(payload, LONGEST_PAYLOAD_KEPT);
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    SchemaId schemaId = failure.schemaId();
    DeadLetter letter =
        DeadLetter.undecodable(
            record.origin(),
            record.key(),
            payload,
            record.attributes(),
            schemaId == null ? null : schemaId.value(),
            failure.reason(),
            message,
            cause);
    return letter.withAttempt(attempt(record.attribute(ATTEMPT)));
  }

  /** The value of {@link #ATTEMPT}. */
  public static byte[] attempt(int attempt) {
    return Integer.toString(attempt).getBytes(US_ASCII);
  }

  private static int attempt(byte @Nullable [] value) {
    try {
      return value == null ? 1 : Integer.parseInt(new String(value, US_ASCII));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  static final class DecodePayloads extends DoFn<RawRecord, Event> {

    private final RecordFormat format;
    private final TupleTag<Event> events;
    private final TupleTag<DeadLetter> deadLetters;
    private final StageCounter decoded = StageCounter.of("decode", "decoded");
    private transient @Nullable RecordDecoder decoder;

    DecodePayloads(RecordFormat format, TupleTag<Event> events, TupleTag<DeadLetter> deadLetters) {
      this.format = format;
      this.events = events;
      this.deadLetters = deadLetters;
    }

    @Setup
    public void open() {
      decoder = format.open();
    }

    @ProcessElement
    public void process(@Element RawRecord record, MultiOutputReceiver out) {
      Event event;
      try {
        event = decode(record);
      } catch (UndecodableException e) {
        Metrics.counter("decode", "dead_letters_" + e.reason()).inc();
        out.get(deadLetters).output(deadLetter(record, e));
        return;
      }
      decoded.inc();
      if (record.timestamp() == RawRecord.NO_TIMESTAMP) {
        // Never out of range: decoding admits the years 1 to 9999 only.
        out.get(events).outputWithTimestamp(event, Instant.ofEpochMilli(event.time()));
      } else {
        out.get(events).output(event);
      }
    }

    private Event decode(RawRecord record) throws UndecodableException {
      if (decoder == null) {
        throw new IllegalStateException("not set up");
      }
      return decoder.decode(record);
    }
  }
}
