package dev.millrace.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterCoder;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.AvroEventWriter;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.transport.KafkaTopic;
import dev.millrace.transforms.transport.RecordSize;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Writes each event to a topic as one record of {@link DecisionSchema}, keyed by the event's id,
 * and emits the dead letters of those that are too large for it. Written at least once: after a
 * failure a decision may be written again, with the same id, by which a {@link
 * DecisionDeduplicator} knows it; or exactly once, as {@link KafkaTopic#exactlyOnceAs} says.
 *
 * <pre>{@code
 * PCollection<DeadLetter> undeliverable =
 *     decisions.apply("Deliver", Deliver.to(topic).of("card-fraud", featureVersion));
 * }</pre>
 */
@AutoValue
public abstract class Deliver extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {

  /** Below the 1 MiB that a broker takes by default. */
  public static final int DEFAULT_MAX_BYTES = 1_000_000;

  abstract KafkaTopic topic();

  abstract String pipeline();

  abstract String featureVersion();

  @SuppressWarnings("mutable")
  abstract byte @Nullable [] frame();

  abstract int maxBytes();

  /** To a topic, each value framed as a single object of its schema. */
  public static Deliver to(KafkaTopic topic) {
    return new AutoValue_Deliver(topic, "", "", null, DEFAULT_MAX_BYTES);
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public Deliver of(String pipeline, String featureVersion) {
    return new AutoValue_Deliver(topic(), pipeline, featureVersion, frame(), maxBytes());
  }

  /** Frames each value with {@code frame} instead, see {@link AvroFrame#confluent}. */
  public Deliver withFrame(byte[] frame) {
    return new AutoValue_Deliver(topic(), pipeline(), featureVersion(), frame, maxBytes());
  }

  /**
   * The largest record that the destination takes, as {@link RecordSize} counts: its key and what
   * Kafka adds included. 1,000,000 bytes by default.
   */
  public Deliver withMaxBytes(int bytes) {
    return new AutoValue_Deliver(topic(), pipeline(), featureVersion(), frame(), bytes);
  }

  @Override
  public PCollection<DeadLetter> expand(PCollection<Event> events) {
    EventLayout layout = EventCoder.layoutOf(events);
    byte[] frame = frame();
    if (frame == null) {
      frame = AvroFrame.singleObject(DecisionSchema.of(pipeline(), layout));
    }
    TupleTag<KV<byte[], byte[]>> records = new TupleTag<>("records") {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters") {};
    EncodeFn encode = new EncodeFn(this, layout, frame, records, deadLetters);
    PCollectionTuple encoded =
        events.apply(
            "Encode", ParDo.of(encode).withOutputTags(records, TupleTagList.of(deadLetters)));
    encoded
        .get(records)
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("To Kafka", topic().write());
    return encoded.get(deadLetters).setCoder(DeadLetterCoder.of());
  }

  static final class EncodeFn extends DoFn<Event, KV<byte[], byte[]>> {
    private final String pipeline;
    private final String featureVersion;
    private final EventLayout layout;
    private final byte[] frame;
    private final int maxBytes;
    private final TupleTag<KV<byte[], byte[]>> records;
    private final TupleTag<DeadLetter> deadLetters;
    private transient AvroEventWriter writer;

    @SuppressWarnings("NullAway.Init") // writer is made on the worker
    EncodeFn(
        Deliver deliver,
        EventLayout layout,
        byte[] frame,
        TupleTag<KV<byte[], byte[]>> records,
        TupleTag<DeadLetter> deadLetters) {
      this.pipeline = deliver.pipeline();
      this.featureVersion = deliver.featureVersion();
      this.layout = layout;
      this.frame = frame;
      this.maxBytes = deliver.maxBytes();
      this.records = records;
      this.deadLetters = deadLetters;
    }

    @Setup
    public void setUp() {
      writer = new AvroEventWriter(DecisionSchema.columns(layout), layout, this::writeHead);
    }

    private void writeHead(Event event, BinaryEncoder encoder) throws IOException {
      encoder.writeString(event.id());
      encoder.writeLong(event.time());
      encoder.writeString(event.origin().transport());
      encoder.writeString(event.origin().source());
      encoder.writeInt(event.origin().partition());
      encoder.writeLong(event.origin().position());
      encoder.writeString(pipeline);
      encoder.writeString(featureVersion);
    }

    @ProcessElement
    public void encode(@Element Event event, MultiOutputReceiver out) {
      byte[] key = event.id().getBytes(UTF_8);
      byte[] value = writer.write(frame, event);
      long size = RecordSize.of(key, value);
      if (size > maxBytes) {
        String message =
            "found a decision of %,d bytes, its key and Kafka's own included, expected at most %,d"
                .formatted(size, maxBytes);
        out.get(deadLetters)
            .output(DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, null));
      } else {
        out.get(records).output(KV.of(key, value));
      }
    }
  }
}
