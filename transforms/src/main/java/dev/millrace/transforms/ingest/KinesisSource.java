package dev.millrace.transforms.ingest;

import dev.millrace.transforms.transport.KinesisStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * A stream, or of one that was split, the part that has some keys. An element is what one answer of
 * one shard brought, a thousand of Kinesis' records at most.
 */
final class KinesisSource extends UnboundedSource<List<RawRecord>, KinesisMark> {

  private static final long serialVersionUID = 1;

  private final KinesisStream stream;
  private final List<BigInteger> firsts;
  private final KeyRange range;
  private final ShardPosition start;
  private final @Nullable String consumer;
  private final Duration every;

  /**
   * @param firsts the first hash of each shard that is open at launch: it is split between them
   * @param start where shards are begun that no mark knows
   * @param consumer the ARN of what shards are subscribed to as; null to poll them
   * @param every how long from one poll of a shard to the next
   */
  KinesisSource(
      KinesisStream stream,
      List<BigInteger> firsts,
      ShardPosition start,
      @Nullable String consumer,
      Duration every) {
    this(stream, firsts, KeyRange.ALL, start, consumer, every);
  }

  private KinesisSource(
      KinesisStream stream,
      List<BigInteger> firsts,
      KeyRange range,
      ShardPosition start,
      @Nullable String consumer,
      Duration every) {
    this.stream = stream;
    this.firsts = List.copyOf(firsts);
    this.range = range;
    this.start = start;
    this.consumer = consumer;
    this.every = every;
  }

  @Override
  public List<KinesisSource> split(int desiredNumSplits, PipelineOptions options) {
    return KeyRange.over(firsts, desiredNumSplits).stream()
        .map(part -> new KinesisSource(stream, firsts, part, start, consumer, every))
        .toList();
  }

  @Override
  public KinesisReader createReader(PipelineOptions options, @Nullable KinesisMark mark) {
    KinesisAsyncClient client = stream.access().client();
    KinesisReader.Feeds feeds =
        consumer == null ? new Polling(client) : new Subscribing(new Polling(client), consumer);
    return new KinesisReader(this, client, feeds, System::currentTimeMillis, mark);
  }

  KinesisStream stream() {
    return stream;
  }

  KeyRange range() {
    return range;
  }

  ShardPosition position(String read) {
    return read.equals(KinesisMark.NOTHING) ? start : ShardPosition.behind(read);
  }

  @Override
  public Coder<KinesisMark> getCheckpointMarkCoder() {
    return KinesisMark.CODER;
  }

  @Override
  public Coder<List<RawRecord>> getOutputCoder() {
    return ListCoder.of(RawRecordCoder.of());
  }

  /** Asks for records. */
  private final class Polling implements KinesisReader.Feeds {

    private final KinesisAsyncClient client;

    Polling(KinesisAsyncClient client) {
      this.client = client;
    }

    @Override
    public ShardFeed of(Shard shard, String read) {
      return new PolledShard(
          client, stream, shard.shardId(), position(read), every, System::currentTimeMillis);
    }

    @Override
    public void close() {
      // The client is the reader's.
    }
  }

  /**
   * Subscribes; but a shard that other readers read too, for it has keys of them, is polled:
   * Kinesis has one subscription for a consumer and a shard.
   */
  private final class Subscribing implements KinesisReader.Feeds {

    private final Polling polling;
    private final String arn;
    private final KinesisAsyncClient client = stream.access().subscribingClient();

    Subscribing(Polling polling, String arn) {
      this.polling = polling;
      this.arn = arn;
    }

    @Override
    public ShardFeed of(Shard shard, String read) {
      return range.contains(shard)
          ? new SubscribedShard(
              client, stream, arn, shard.shardId(), position(read), System::currentTimeMillis)
          : polling.of(shard, read);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
