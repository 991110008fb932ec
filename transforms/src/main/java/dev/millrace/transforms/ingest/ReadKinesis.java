package dev.millrace.transforms.ingest;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.transport.KinesisStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;

/**
 * Emits every record of a Kinesis stream as it stands there, without end: its data, its partition
 * key as key, and {@code kinesis:stream/shard@sequence-number.number} as its origin. Of a record
 * into which a producer has packed many, each of these, numbered from 0.
 *
 * <p>The records of a partition key come in order, also when shards are split or merged meanwhile,
 * of which nothing is lost or repeated. The timestamp of an element is when Kinesis received it.
 * Reading starts at the oldest record that is kept; a pipeline that is restored from a checkpoint
 * or savepoint goes on from there instead. Kinesis is told nothing of how far it was read.
 *
 * <p>Shards are dealt out to as many readers as the runner asks for, by ranges of keys, of which
 * there are at most as many as the stream has shards at launch.
 *
 * <p>The stream is looked up while the pipeline is assembled: one that does not exist or may not be
 * looked at is an {@link IllegalArgumentException} then.
 *
 * <pre>{@code
 * pipeline.apply(
 *     "Read", ReadKinesis.from(new KinesisStream("payments", KinesisAccess.of("eu-west-1"))));
 * }</pre>
 */
@AutoValue
public abstract class ReadKinesis extends PTransform<PBegin, PCollection<RawRecord>> {

  /** Five a second are what Kinesis answers, of one shard and to all who ask. */
  public static final Duration DEFAULT_POLL = Duration.ofMillis(200);

  private static final Pattern CONSUMER =
      Pattern.compile("arn:[^:]+:kinesis:[^:]+:[0-9]+:stream/([^/]+)/consumer/.+");

  abstract KinesisStream stream();

  abstract boolean fromNow();

  abstract @Nullable String consumer();

  abstract Duration poll();

  /** Reads a stream. */
  public static ReadKinesis from(KinesisStream stream) {
    return new AutoValue_ReadKinesis(stream, false, null, DEFAULT_POLL);
  }

  /** Starts with what is put from the launch on. */
  public ReadKinesis startingNow() {
    return new AutoValue_ReadKinesis(stream(), true, consumer(), poll());
  }

  /**
   * Is given records as they come, instead of asking for them (enhanced fan-out), as a registered
   * consumer: its ARN, {@code arn:aws:kinesis:REGION:ACCOUNT:stream/STREAM/consumer/NAME:TIME}.
   */
  public ReadKinesis withConsumer(String arn) {
    return new AutoValue_ReadKinesis(
        stream(), fromNow(), checkedConsumer(arn, stream().name()), poll());
  }

  /** How long from one poll of a shard to the next. 200 ms by default. */
  public ReadKinesis withPoll(Duration every) {
    if (every.toMillis() < 1) {
      throw new IllegalArgumentException(
          "poll: found %s, expected a millisecond or more".formatted(every));
    }
    return new AutoValue_ReadKinesis(stream(), fromNow(), consumer(), every);
  }

  /**
   * The ARN of a consumer, when it is one.
   *
   * @throws IllegalArgumentException when it is none, or of another stream
   */
  public static String checkedConsumer(String arn, String stream) {
    Matcher matcher = CONSUMER.matcher(arn);
    if (!matcher.matches() || !matcher.group(1).equals(stream)) {
      throw new IllegalArgumentException(
          "found consumer '%s', expected arn:aws:kinesis:REGION:ACCOUNT:stream/%s/consumer/NAME:TIME"
              .formatted(arn, stream));
    }
    return arn;
  }

  @Override
  public PCollection<RawRecord> expand(PBegin begin) {
    return polled(begin)
        .apply("One by one", ParDo.of(new OneByOne()))
        .setCoder(RawRecordCoder.of());
  }

  /** The records of a shard as many at a time as came; the timestamp is the earliest of theirs. */
  public PTransform<PBegin, PCollection<List<RawRecord>>> asPolled() {
    return new PTransform<>() {
      @Override
      public PCollection<List<RawRecord>> expand(PBegin begin) {
        return polled(begin);
      }
    };
  }

  private PCollection<List<RawRecord>> polled(PBegin begin) {
    stream().check();
    String arn = consumer();
    if (arn != null) {
      checkRegistered(arn);
    }
    StreamShards shards =
        stream()
            .access()
            .ask(stream().toString(), client -> StreamShards.list(client, stream().name()).join());
    return begin.apply(
        "From Kinesis",
        Read.from(
            new KinesisSource(
                stream(),
                shards.open().stream().map(KeyRange::first).toList(),
                fromNow() ? ShardPosition.at(Instant.now()) : ShardPosition.OLDEST,
                arn,
                poll())));
  }

  private void checkRegistered(String arn) {
    String what = "consumer '%s'".formatted(arn);
    ConsumerStatus status =
        stream()
            .access()
            .ask(
                what,
                client ->
                    client
                        .describeStreamConsumer(request -> request.consumerARN(arn))
                        .join()
                        .consumerDescription()
                        .consumerStatus());
    if (status != ConsumerStatus.ACTIVE) {
      throw new IllegalArgumentException(
          "Kinesis %s: found it %s, expected it ACTIVE".formatted(what, status));
    }
  }
}
