package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.transport.KinesisAccess;
import dev.millrace.transforms.transport.KinesisStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

class SubscribedShardTest {

  private final Fake kinesis = new Fake();
  private long now = 10_000;
  private final SubscribedShard shard =
      new SubscribedShard(
          kinesis,
          new KinesisStream("payments", KinesisAccess.of("eu-west-1")),
          "arn",
          "shardId-000000000000",
          ShardPosition.OLDEST,
          () -> now);

  @Test
  void records_are_asked_for_one_answer_at_a_time() throws IOException {
    assertThat(shard.next()).isNull();
    assertThat(kinesis.from(0).type()).isEqualTo(ShardIteratorType.TRIM_HORIZON);
    assertThat(kinesis.requested).isEqualTo(1);
    kinesis.give("1", "1");
    ShardFeed.Batch batch = Objects.requireNonNull(shard.next());
    assertThat(batch.records()).extracting(Record::sequenceNumber).containsExactly("1");
    assertThat(batch.reached()).isEqualTo("1");
    assertThat(batch.newestAt()).isEqualTo(now - 7);
    assertThat(batch.isLast()).isFalse();
    assertThat(kinesis.requested).isEqualTo(2);
    assertThat(shard.next()).isNull();
  }

  @Test
  void a_subscription_that_ended_is_made_anew_behind_what_it_gave() throws IOException {
    assertThat(shard.next()).isNull();
    kinesis.give("1", "5");
    kinesis.ended.complete(null);
    assertThat(shard.next()).isNotNull();
    assertThat(shard.next()).isNull();
    assertThat(shard.next()).isNull();
    assertThat(kinesis.subscribed).hasSize(1);
    now += 1_000;
    assertThat(shard.next()).isNull();
    assertThat(kinesis.from(1).type()).isEqualTo(ShardIteratorType.AFTER_SEQUENCE_NUMBER);
    assertThat(kinesis.from(1).sequenceNumber()).isEqualTo("5");
  }

  @Test
  void a_subscription_that_fails_is_made_again_after_a_second() throws IOException {
    assertThat(shard.next()).isNull();
    kinesis.ended.completeExceptionally(KinesisException.builder().message("reset").build());
    assertThat(shard.next()).isNull();
    now += 999;
    assertThat(shard.next()).isNull();
    assertThat(kinesis.subscribed).hasSize(1);
    now += 1;
    assertThat(shard.next()).isNull();
    assertThat(kinesis.subscribed).hasSize(2);
  }

  @Test
  void the_end_of_a_shard_is_known() throws IOException {
    assertThat(shard.next()).isNull();
    kinesis.give("9", null);
    assertThat(Objects.requireNonNull(shard.next()).isLast()).isTrue();
  }

  @Test
  void closing_cancels_the_subscription() throws IOException {
    assertThat(shard.next()).isNull();
    shard.close();
    assertThat(kinesis.cancelled).isTrue();
  }

  /** Gives what it is told to, when it is asked for. */
  private static final class Fake implements KinesisAsyncClient {

    private final List<SubscribeToShardRequest> subscribed = new ArrayList<>();
    private CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable Subscriber<? super SubscribeToShardEventStream> subscriber;
    private int requested;
    private boolean cancelled;

    StartingPosition from(int subscription) {
      return subscribed.get(subscription).startingPosition();
    }

    void give(String sequenceNumber, @Nullable String reached) {
      Objects.requireNonNull(subscriber)
          .onNext(
              SubscribeToShardEvent.builder()
                  .records(Record.builder().sequenceNumber(sequenceNumber).build())
                  .continuationSequenceNumber(reached)
                  .millisBehindLatest(7L)
                  .build());
    }

    @Override
    public CompletableFuture<Void> subscribeToShard(
        SubscribeToShardRequest request, SubscribeToShardResponseHandler handler) {
      subscribed.add(request);
      ended = new CompletableFuture<>();
      handler.onEventStream(
          SdkPublisher.adapt(
              given -> {
                subscriber = given;
                given.onSubscribe(
                    new Subscription() {
                      @Override
                      public void request(long more) {
                        requested += (int) more;
                      }

                      @Override
                      public void cancel() {
                        cancelled = true;
                      }
                    });
              }));
      return ended;
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
