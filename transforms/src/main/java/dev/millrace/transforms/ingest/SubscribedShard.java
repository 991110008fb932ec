package dev.millrace.transforms.ingest;

import dev.millrace.transforms.transport.KinesisStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Is given a shard's records as they come (enhanced fan-out), by subscriptions that Kinesis ends
 * after five minutes each, and that are made anew where the one before ended. Of one subscription
 * one answer is here at most: the next is asked for when it is taken.
 */
final class SubscribedShard implements ShardFeed {

  private final KinesisAsyncClient client;
  private final String consumer;
  private final String shard;
  private final LongSupplier clock;
  private final ReadingTrouble trouble;

  private ShardPosition position;
  private @Nullable Answers answers;
  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
  private long due;

  /**
   * @param consumer the ARN by which it is registered
   */
  SubscribedShard(
      KinesisAsyncClient client,
      KinesisStream stream,
      String consumer,
      String shard,
      ShardPosition position,
      LongSupplier clock) {
    this.client = client;
    this.consumer = consumer;
    this.shard = shard;
    this.position = position;
    this.clock = clock;
    this.trouble = new ReadingTrouble(stream, shard);
  }

  @Override
  public @Nullable Batch next() throws IOException {
    long now = clock.getAsLong();
    if (answers == null) {
      if (now < due) {
        return null;
      }
      due = now + ReadingTrouble.PAUSE.toMillis();
      answers = subscribe();
    }
    // In this order: what came last is taken before the end is seen.
    boolean isOver = ended.isDone();
    SubscribeToShardEvent event = answers.take();
    if (event != null) {
      return batch(event, now);
    }
    if (isOver) {
      end(now);
    }
    return null;
  }

  private Answers subscribe() {
    Answers subscribing = new Answers();
    SubscribeToShardResponseHandler handler =
        SubscribeToShardResponseHandler.builder().subscriber(() -> subscribing).build();
    ended =
        client.subscribeToShard(
            request ->
                request
                    .consumerARN(consumer)
                    .shardId(shard)
                    .startingPosition(position.toSubscribe()),
            handler);
    return subscribing;
  }

  private Batch batch(SubscribeToShardEvent event, long now) {
    trouble.over();
    String reached = event.continuationSequenceNumber();
    if (reached != null) {
      position = ShardPosition.behind(reached);
    }
    Long behind = event.millisBehindLatest();
    long newestAt = now - (behind == null ? 0 : behind);
    return new Batch(
        event.records(), reached, newestAt, reached == null || !event.childShards().isEmpty());
  }

  private void end(long now) throws IOException {
    answers = null;
    try {
      ended.join();
    } catch (CompletionException e) {
      trouble.met(e, now);
      due = now + ReadingTrouble.PAUSE.toMillis();
    }
  }

  @Override
  public void close() {
    if (answers != null) {
      answers.cancel();
    }
  }

  /** Of one subscription; filled by a thread of the client. */
  private static final class Answers implements Subscriber<SubscribeToShardEventStream> {

    private @Nullable Subscription subscription;
    private @Nullable SubscribeToShardEvent waiting;
    private boolean cancelled;

    @Override
    public synchronized void onSubscribe(Subscription given) {
      subscription = given;
      if (cancelled) {
        given.cancel();
      } else {
        given.request(1);
      }
    }

    @Override
    public void onNext(SubscribeToShardEventStream event) {
      if (event instanceof SubscribeToShardEvent records) {
        put(records);
      } else {
        more();
      }
    }

    private synchronized void put(SubscribeToShardEvent records) {
      waiting = records;
    }

    synchronized @Nullable SubscribeToShardEvent take() {
      SubscribeToShardEvent taken = waiting;
      waiting = null;
      if (taken != null) {
        more();
      }
      return taken;
    }

    private synchronized void more() {
      if (subscription != null) {
        subscription.request(1);
      }
    }

    synchronized void cancel() {
      cancelled = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }

    @Override
    public void onError(Throwable failure) {
      // The client's own answer says it too.
    }

    @Override
    public void onComplete() {
      // So does it of the end.
    }
  }
}
