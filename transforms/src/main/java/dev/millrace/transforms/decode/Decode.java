package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterCoder;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.RawRecordCoder;
import dev.millrace.transforms.ingest.ReadKafka;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
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
 * <p>A record whose schema cannot be had, for where it is kept does not answer, is neither: in a
 * stream it waits in state, and records whose schemas are known go on past it. When there is an
 * answer it comes out with its own timestamp; until then it holds the watermark, so that it is not
 * late for what comes after. Waiting survives a restart. Past 32 MiB of records that wait for one
 * schema (an eighth of the partitions each) the stream stands still for it after all, as a bounded
 * input does from the start: for a minute, then the bundle fails and the runner tries it again.
 *
 * <p>The counters {@code decoded} and {@code dead_letters_<reason>} count both outputs, {@code
 * waiting} what was put aside and {@code waited} what of it has gone on. A payload that is too
 * large for a Kafka record (over 900,000 bytes) is cut off in its dead letter, which says so; its
 * origin tells where the whole is.
 *
 * <pre>{@code
 * StageResult<Event> decoded = records.apply("Decode", Decode.by(AvroFormat.of(contract)));
 * }</pre>
 */
public final class Decode extends PTransform<PCollection<RawRecord>, StageResult<Event>> {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long MOST_WAITING_BYTES = 32 << 20;

  private final RecordFormat format;
  private final String pipeline;
  private final Duration patience;
  private final long mostWaitingBytes;

  private Decode(RecordFormat format, String pipeline, Duration patience, long mostWaitingBytes) {
    this.format = format;
    this.pipeline = pipeline;
    this.patience = patience;
    this.mostWaitingBytes = mostWaitingBytes;
  }

  /**
   * Decodes by a format.
   *
   * @throws IllegalArgumentException when its contract is not of events
   */
  public static Decode by(RecordFormat format) {
    if (!format.contract().isOfEvents()) {
      throw new IllegalArgumentException(
          "contract: found one without an id and a time, expected the two of an event");
    }
    return new Decode(format, "", PATIENCE, MOST_WAITING_BYTES);
  }

  /**
   * For the pipeline of this name: its own dead letters are known when they are sent again, and no
   * other's.
   */
  public Decode forPipeline(String name) {
    return new Decode(format, name, patience, mostWaitingBytes);
  }

  /** How long a bundle stands still where records cannot wait in state. */
  Decode withPatience(Duration patience) {
    return new Decode(format, pipeline, patience, mostWaitingBytes);
  }

  /** How much may wait in state under one key. */
  Decode withMostWaitingBytes(long bytes) {
    return new Decode(format, pipeline, patience, bytes);
  }

  /**
   * The same, with the events that waited for a schema by themselves. Together again they are one
   * input of a step, and a runner that fuses steps (Flink) does not fuse one of several inputs with
   * the step before: it is cheaper to bring them together where events are shuffled anyway.
   */
  public PTransform<PCollection<RawRecord>, Decoded> apart() {
    return new PTransform<>() {
      @Override
      public Decoded expand(PCollection<RawRecord> records) {
        return decode(records, DecodePayloads::new);
      }
    };
  }

  /** The same as {@link #apart}, of records that come as {@link ReadKafka#asPolled} gives them. */
  public PTransform<PCollection<List<RawRecord>>, Decoded> asPolled() {
    return new PTransform<>() {
      @Override
      public Decoded expand(PCollection<List<RawRecord>> polled) {
        return decode(polled, DecodePolled::new);
      }
    };
  }

  @Override
  public StageResult<Event> expand(PCollection<RawRecord> records) {
    Decoded decoded = decode(records, DecodePayloads::new);
    TupleTag<Event> events = new TupleTag<>() {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>() {};
    PCollection<Event> all =
        decoded
            .delayed()
            .map(delayed -> flatten("All events", decoded.atOnce(), delayed))
            .orElse(decoded.atOnce());
    return StageResult.of(
        PCollectionTuple.of(events, all).and(deadLetters, decoded.deadLetters()),
        events,
        deadLetters,
        decoded.atOnce().getCoder());
  }

  /** The function that is given records as {@code T} has them. */
  private interface Function<T> {
    DoFn<T, Event> of(DecodeRecord decode);
  }

  private <T> Decoded decode(PCollection<T> records, Function<T> function) {
    TupleTag<Event> events = new TupleTag<>() {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>() {};
    Decoding decoding = new Decoding(format, pipeline, events, deadLetters);
    Coder<Event> coder = EventCoder.of(format.contract().layout());
    DeadLetterCoder letters = DeadLetterCoder.of();
    if (records.isBounded() == IsBounded.BOUNDED || !format.asksForSchemas()) {
      PCollectionTuple both =
          records.apply(
              "Decode payloads",
              ParDo.of(function.of(new DecodeRecord(decoding, patience, null)))
                  .withOutputTags(events, TupleTagList.of(deadLetters)));
      return new Decoded(
          both.get(events).setCoder(coder), null, both.get(deadLetters).setCoder(letters));
    }
    TupleTag<KV<String, RawRecord>> waiting = new TupleTag<>() {};
    PCollectionTuple atOnce =
        records.apply(
            "Decode payloads",
            ParDo.of(function.of(new DecodeRecord(decoding, patience, waiting)))
                .withOutputTags(events, TupleTagList.of(deadLetters).and(waiting)));
    PCollectionTuple later =
        atOnce
            .get(waiting)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), RawRecordCoder.of()))
            .apply(
                "Await schemas",
                ParDo.of(new AwaitSchemas(decoding, patience, mostWaitingBytes))
                    .withOutputTags(events, TupleTagList.of(deadLetters)));
    return new Decoded(
        atOnce.get(events).setCoder(coder),
        later.get(events).setCoder(coder),
        flatten(
            "All dead letters",
            atOnce.get(deadLetters).setCoder(letters),
            later.get(deadLetters).setCoder(letters)));
  }

  private static <T> PCollection<T> flatten(
      String step, PCollection<T> first, PCollection<T> second) {
    return PCollectionList.of(first).and(second).apply(step, Flatten.pCollections());
  }

  /** Emits one record's event or dead letter, or puts the record aside. */
  private static final class DecodeRecord implements Serializable {

    /** Enough for partitions not to wait for each other, and few enough to ask for each. */
    private static final int SHARDS = 8;

    private final Decoding decoding;
    private final Duration patience;
    private final @Nullable TupleTag<KV<String, RawRecord>> waiting;

    /**
     * @param waiting null when records may not be put aside
     */
    DecodeRecord(
        Decoding decoding, Duration patience, @Nullable TupleTag<KV<String, RawRecord>> waiting) {
      this.decoding = decoding;
      this.patience = patience;
      this.waiting = waiting;
    }

    void emit(RawRecord record, Instant timestamp, DoFn<?, Event>.WindowedContext out) {
      try {
        decoding.emit(record, timestamp, out);
      } catch (SchemaSourceUnavailableException e) {
        if (waiting == null) {
          decoding.awaitSchema(record, patience);
          decoding.emit(record, timestamp, out);
        } else {
          int shard = Math.floorMod(record.origin().partition(), SHARDS);
          out.outputWithTimestamp(waiting, KV.of(e.schemaId() + "/" + shard, record), timestamp);
        }
      }
    }
  }

  static final class DecodePayloads extends DoFn<RawRecord, Event> {
    private final DecodeRecord decode;

    DecodePayloads(DecodeRecord decode) {
      this.decode = decode;
    }

    @Setup
    public void open() {
      decode.decoding.open();
    }

    @ProcessElement
    public void process(ProcessContext context) {
      decode.emit(context.element(), context.timestamp(), context);
      decode.decoding.tell();
    }
  }

  static final class DecodePolled extends DoFn<List<RawRecord>, Event> {
    private final DecodeRecord decode;

    DecodePolled(DecodeRecord decode) {
      this.decode = decode;
    }

    @Setup
    public void open() {
      decode.decoding.open();
    }

    @ProcessElement
    public void process(ProcessContext context) {
      for (RawRecord record : context.element()) {
        decode.emit(record, Instant.ofEpochMilli(record.timestamp()), context);
      }
      decode.decoding.tell();
    }
  }
}
