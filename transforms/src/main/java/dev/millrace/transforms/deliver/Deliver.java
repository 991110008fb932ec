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
import dev.millrace.transforms.transport.Destination;
import dev.millrace.transforms.transport.KafkaTopic;
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

  abstract Destination destination();

  abstract String pipeline();

  abstract String featureVersion();

  @SuppressWarnings("mutable")
  abstract byte @Nullable [] frame();

  abstract @Nullable String orderBy();

  abstract int maxBytes();

  abstract Builder toBuilder();

  /** To a topic, each value framed as a single object of its schema. */
  public static Deliver to(Destination destination) {
    return new AutoValue_Deliver.Builder()
        .setDestination(destination)
        .setPipeline("")
        .setFeatureVersion("")
        .setMaxBytes(DEFAULT_MAX_BYTES)
        .build();
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public Deliver of(String pipeline, String featureVersion) {
    return toBuilder().setPipeline(pipeline).setFeatureVersion(featureVersion).build();
  }

  /** Frames each value with {@code frame} instead, see {@link AvroFrame#confluent}. */
  public Deliver withFrame(byte[] frame) {
    return toBuilder().setFrame(frame).build();
  }

  /**
   * The largest record that the destination takes, as {@link Destination#sizeOf} counts: its key
   * and what the transport adds included. 1,000,000 bytes by default.
   */
  public Deliver withMaxBytes(int bytes) {
    return toBuilder().setMaxBytes(bytes).build();
  }

  /**
   * Keeps the decisions of one value of a column in order, as they are decided: its text is the key
   * of the record (of Kafka and Kinesis), or its ordering key (of Pub/Sub). By default that is the
   * event's id, also for an event whose column is null. Of events that are decided by different
   * functions no order is known: it is that of the last history when the column is its key.
   */
  public Deliver withOrderBy(String column) {
    return toBuilder().setOrderBy(column).build();
  }

  /** Whether {@link #inPassing} can be had: it cannot where each is written exactly once. */
  public boolean canBeInPassing() {
    return destination().isWrittenInBundles();
  }

  /**
   * The same as a stage, for another to do in passing: it emits no events, only dead letters.
   *
   * @throws IllegalStateException when {@link #canBeInPassing} is false
   */
  public EventStage inPassing() {
    if (!canBeInPassing()) {
      throw new IllegalStateException("exactly once has steps of its own");
    }
    return new Sending(this);
  }

  @Override
  public PCollection<DeadLetter> expand(PCollection<Event> events) {
    return canBeInPassing()
        ? events.apply("To " + destination().transport(), inPassing()).deadLetters()
        : exactlyOnce(events, records(EventCoder.layoutOf(events))).setCoder(DeadLetterCoder.of());
  }

  private DecisionRecords records(EventLayout layout) {
    byte[] frame = frame();
    if (frame == null) {
      frame = AvroFrame.singleObject(DecisionSchema.of(pipeline(), layout));
    }
    return new DecisionRecords(
        new DecisionEncoder(pipeline(), featureVersion(), layout, frame),
        destination(),
        orderBy() == null ? null : layout.column(orderBy()),
        maxBytes());
  }

  private PCollection<DeadLetter> exactlyOnce(
      PCollection<Event> events, DecisionRecords decisions) {
    TupleTag<KV<byte[], byte[]>> records = new TupleTag<>("records") {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters") {};
    PCollectionTuple encoded =
        events.apply(
            "Encode",
            ParDo.of(new EncodeDecisions(decisions, deadLetters))
                .withOutputTags(records, TupleTagList.of(deadLetters)));
    encoded
        .get(records)
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("To " + destination().transport(), destination().write());
    return encoded.get(deadLetters);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setDestination(Destination value);

    abstract Builder setPipeline(String value);

    abstract Builder setFeatureVersion(String value);

    abstract Builder setFrame(byte @Nullable [] value);

    abstract Builder setOrderBy(@Nullable String value);

    abstract Builder setMaxBytes(int value);

    abstract Deliver build();
  }

  private static final class Sending extends EventStage {
    private final Deliver deliver;

    Sending(Deliver deliver) {
      this.deliver = deliver;
    }

    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      return new SendStep(deliver.records(input));
    }
  }
}
