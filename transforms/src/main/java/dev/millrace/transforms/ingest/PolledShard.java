package dev.millrace.transforms.ingest;

import dev.millrace.transforms.transport.KinesisFailure;
import dev.millrace.transforms.transport.KinesisStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Asks for a shard's records again and again, one request under way at a time, whose answer is
 * waited for by nobody. Kinesis answers five of them a second and shard, to all readers together.
 */
final class PolledShard implements ShardFeed {

  private final KinesisAsyncClient client;
  private final KinesisStream stream;
  private final String shard;
  private final Duration every;
  private final LongSupplier clock;
  private final ReadingTrouble trouble;

  private ShardPosition position;
  private @Nullable String iterator;
  private @Nullable CompletableFuture<GetRecordsResponse> answer;
  private long asked;
  private long due;

  /**
   * @param every how long from one request to the next
   */
  PolledShard(
      KinesisAsyncClient client,
      KinesisStream stream,
      String shard,
      ShardPosition position,
      Duration every,
      LongSupplier clock) {
    this.client = client;
    this.stream = stream;
    this.shard = shard;
    this.position = position;
    this.every = every;
    this.clock = clock;
    this.trouble = new ReadingTrouble(stream, shard);
  }

  @Override
  public @Nullable Batch next() throws IOException {
    long now = clock.getAsLong();
    if (answer == null) {
      if (now < due) {
        return null;
      }
      asked = now;
      answer = ask();
    }
    if (!answer.isDone()) {
      return null;
    }
    CompletableFuture<GetRecordsResponse> given = answer;
    answer = null;
    due = asked + every.toMillis();
    try {
      return batch(given.join());
    } catch (CompletionException e) {
      failed(e, now);
      return null;
    }
  }

  private CompletableFuture<GetRecordsResponse> ask() {
    CompletableFuture<String> from =
        iterator == null
            ? client
                .getShardIterator(
                    request -> position.of(request).streamName(stream.name()).shardId(shard))
                .thenApply(GetShardIteratorResponse::shardIterator)
            : CompletableFuture.completedFuture(iterator);
    return from.thenCompose(
        at -> client.getRecords(request -> request.shardIterator(at).limit(MOST_RECORDS)));
  }

  private Batch batch(GetRecordsResponse response) {
    trouble.over();
    iterator = response.nextShardIterator();
    List<Record> records = response.records();
    String last = records.isEmpty() ? null : records.get(records.size() - 1).sequenceNumber();
    if (last != null) {
      position = ShardPosition.behind(last);
    }
    Long behind = response.millisBehindLatest();
    long newestAt = asked - (behind == null ? 0 : behind);
    return new Batch(records, last, newestAt, iterator == null);
  }

  /** Where an iterator has expired, for nobody asked in five minutes, another is had. */
  private void failed(CompletionException failure, long now) throws IOException {
    if (KinesisFailure.cause(failure) instanceof ExpiredIteratorException) {
      iterator = null;
      return;
    }
    trouble.met(failure, now);
    due = now + ReadingTrouble.PAUSE.toMillis();
  }

  @Override
  public void close() {
    if (answer != null) {
      answer.cancel(true);
    }
  }

  /** Kinesis gives so many at most. */
  private static final int MOST_RECORDS = 10_000;
}
