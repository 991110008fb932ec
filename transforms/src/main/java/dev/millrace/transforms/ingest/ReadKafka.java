package dev.millrace.transforms.ingest;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.transport.SafeSettings;
import dev.millrace.transforms.transport.TopicPartitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.testing.CrashingRunner;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Emits every record of a Kafka topic as it stands there, without end: key and value as bytes, its
 * headers, Kafka's timestamp, and {@code kafka:topic/partition@offset} as its origin. A record
 * without a value has an empty payload.
 *
 * <p>The records of a partition come in order; the timestamp of an element is Kafka's, and {@link
 * NewestTimestamp} says how the watermark follows. Reading starts where the consumer group's
 * committed offset is, and at the earliest record where there is none, or no group; a pipeline that
 * is restored from a checkpoint or savepoint goes on from there instead. Offsets are committed only
 * behind what the runner has made durable.
 *
 * <p>The partitions are looked up once, while the pipeline is assembled: a broker that is away, or
 * a topic that does not exist, is an {@link IllegalArgumentException} then. Partitions that are
 * added later are read after the next launch.
 *
 * <pre>{@code
 * pipeline.apply("Read transactions", ReadKafka.from("localhost:9092", "card.transactions"));
 * }</pre>
 */
@AutoValue
public abstract class ReadKafka extends PTransform<PBegin, PCollection<RawRecord>> {

  // A restored reader waits for a lost broker this long before it fails and is restarted.
  private static final int API_TIMEOUT_MILLIS = 10_000;

  // What a runner does for an element of a source, it does once for so many that wait to be read.
  private static final int RECORDS_A_POLL = 1_000;

  abstract String bootstrapServers();

  abstract String topic();

  // SafeSettings made the copy that AutoValue asks for.
  @SuppressWarnings("AutoValueImmutableFields")
  abstract Map<String, String> settings();

  abstract @Nullable String groupId();

  abstract Duration allowedDelay();

  abstract Builder toBuilder();

  /** Reads {@code topic} from a broker, {@code host:port}, more separated by commas. */
  public static ReadKafka from(String bootstrapServers, String topic) {
    return new AutoValue_ReadKafka.Builder()
        .setBootstrapServers(bootstrapServers)
        .setTopic(topic)
        .setSettings(Map.of())
        .setAllowedDelay(Duration.standardSeconds(1))
        .build();
  }

  /**
   * Passes the consumer's own settings through. {@link SafeSettings} says which are refused.
   *
   * @throws IllegalArgumentException naming a setting that is refused
   */
  public ReadKafka withSettings(Map<String, String> settings) {
    return toBuilder().setSettings(SafeSettings.of(settings)).build();
  }

  /** Starts from this group's committed offsets, and commits to it. None by default. */
  public ReadKafka withGroupId(String groupId) {
    return toBuilder().setGroupId(groupId).build();
  }

  /** How far the watermark stays behind the newest timestamp. One second by default. */
  public ReadKafka withAllowedDelay(Duration delay) {
    if (delay.getMillis() < 0) {
      throw new IllegalArgumentException(
          "allowed delay: found %s, expected zero or more".formatted(delay));
    }
    return toBuilder().setAllowedDelay(delay).build();
  }

  @Override
  public PCollection<RawRecord> expand(PBegin begin) {
    return polled(begin)
        .apply("One by one", ParDo.of(new OneByOne()))
        .setCoder(RawRecordCoder.of());
  }

  /**
   * The records of a partition as many at a time as wait there to be read: each time a runner gives
   * an element from step to step costs as much as decoding it. The timestamp is the earliest of
   * theirs.
   */
  public PTransform<PBegin, PCollection<List<RawRecord>>> asPolled() {
    return new PTransform<>() {
      @Override
      public PCollection<List<RawRecord>> expand(PBegin begin) {
        return polled(begin);
      }
    };
  }

  private PCollection<List<RawRecord>> polled(PBegin begin) {
    List<TopicPartition> partitions =
        TopicPartitions.of(
            bootstrapServers(), topic(), settings(), TopicPartitions.LAUNCH_TIMEOUT_MILLIS);
    KafkaIO.Read<byte[], byte[]> read =
        KafkaIO.<byte[], byte[]>read()
            .withBootstrapServers(bootstrapServers())
            .withTopicPartitions(partitions)
            .withKeyDeserializer(ByteArrayDeserializer.class)
            .withValueDeserializer(ByteArrayDeserializer.class)
            .withConsumerConfigUpdates(consumerSettings())
            .withConsumerFactoryFn(PolledConsumer.factory())
            .withTimestampPolicyFactory(NewestTimestamp.delayedBy(allowedDelay()));
    return begin.apply(
        "From Kafka",
        Read.from(
            new PolledSource(sourceOf(groupId() == null ? read : read.commitOffsetsInFinalize()))));
  }

  /** What KafkaIO reads from on every runner but Dataflow. */
  private static UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark> sourceOf(
      KafkaIO.Read<byte[], byte[]> read) {
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(CrashingRunner.class);
    Pipeline neverRun = Pipeline.create(options);
    neverRun.apply(read);
    List<Read.Unbounded<?>> found = new ArrayList<>();
    neverRun.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            if (node.getTransform() instanceof Read.Unbounded<?> unbounded) {
              found.add(unbounded);
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });
    // KafkaIO keeps its source to itself; these are the types that it documents.
    @SuppressWarnings("unchecked")
    var source =
        (UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark>)
            found.get(0).getSource();
    return source;
  }

  Map<String, Object> consumerSettings() {
    Map<String, Object> all = new HashMap<>();
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
    all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
    all.putAll(settings());
    // Committed when the runner has a checkpoint behind them, never by the clock.
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    if (groupId() != null) {
      all.put(ConsumerConfig.GROUP_ID_CONFIG, groupId());
    }
    return all;
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setBootstrapServers(String value);

    abstract Builder setTopic(String value);

    abstract Builder setSettings(Map<String, String> value);

    abstract Builder setGroupId(String value);

    abstract Builder setAllowedDelay(Duration value);

    abstract ReadKafka build();
  }
}
