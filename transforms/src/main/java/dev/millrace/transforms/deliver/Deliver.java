package dev.millrace.transforms.deliver;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterCoder;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.transport.KafkaTopic;
import dev.millrace.transforms.transport.RecordSize;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
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

  abstract EventStage first();

  /** To a topic, each value framed as a single object of its schema. */
  public static Deliver to(KafkaTopic topic) {
    return new AutoValue_Deliver(topic, "", "", null, DEFAULT_MAX_BYTES, EventStage.none());
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public Deliver of(String pipeline, String featureVersion) {
    return new AutoValue_Deliver(topic(), pipeline, featureVersion, frame(), maxBytes(), first());
  }

  /** Frames each value with {@code frame} instead, see {@link AvroFrame#confluent}. */
  public Deliver withFrame(byte[] frame) {
    return new AutoValue_Deliver(topic(), pipeline(), featureVersion(), frame, maxBytes(), first());
  }

  /**
   * The largest record that the destination takes, as {@link RecordSize} counts: its key and what
   * Kafka adds included. 1,000,000 bytes by default.
   */
  public Deliver withMaxBytes(int bytes) {
    return new AutoValue_Deliver(topic(), pipeline(), featureVersion(), frame(), bytes, first());
  }

  /** Does the work of {@code stage} on each event first; its dead letters are among those here. */
  public Deliver after(EventStage stage) {
    return new AutoValue_Deliver(topic(), pipeline(), featureVersion(), frame(), maxBytes(), stage);
  }

  @Override
  public PCollection<DeadLetter> expand(PCollection<Event> events) {
    EventLayout input = EventCoder.layoutOf(events);
    EventLayout layout = first().layout(input);
    byte[] frame = frame();
    if (frame == null) {
      frame = AvroFrame.singleObject(DecisionSchema.of(pipeline(), layout));
    }
    DecisionEncoder encoder = new DecisionEncoder(this, layout, frame);
    PCollection<DeadLetter> deadLetters =
        topic().sinkId() == null
            ? events.apply(
                "To Kafka", ParDo.of(new SendDecisions(topic(), first().step(input), encoder)))
            : exactlyOnce(events, first().step(input), encoder);
    return deadLetters.setCoder(DeadLetterCoder.of());
  }

  private PCollection<DeadLetter> exactlyOnce(
      PCollection<Event> events, EventStep first, DecisionEncoder encoder) {
    TupleTag<KV<byte[], byte[]>> records = new TupleTag<>("records") {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters") {};
    PCollectionTuple encoded =
        events.apply(
            "Encode",
            ParDo.of(new EncodeDecisions(first, encoder, deadLetters))
                .withOutputTags(records, TupleTagList.of(deadLetters)));
    encoded
        .get(records)
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("To Kafka", topic().write());
    return encoded.get(deadLetters);
  }
}
