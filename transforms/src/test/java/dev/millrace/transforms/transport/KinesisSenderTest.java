package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

class KinesisSenderTest {

  private static final KinesisStream STREAM =
      new KinesisStream("decisions", KinesisAccess.of("eu-west-1"));

  private final Fake kinesis = new Fake();
  private final KinesisSender sender = new KinesisSender(STREAM, kinesis, Duration.ofMillis(300));

  @AfterEach
  void close() {
    kinesis.gate.countDown();
    sender.close();
  }

  @Test
  void a_record_that_comes_alone_leaves_at_once_and_others_gather_meanwhile() throws Exception {
    send("a", "1");
    kinesis.started.await();
    send("b", "2");
    send("c", "3");
    kinesis.gate.countDown();
    sender.flush();
    assertThat(kinesis.keys()).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void a_request_has_no_more_records_and_bytes_than_kinesis_takes() throws Exception {
    send("first", "x");
    kinesis.started.await();
    for (int i = 0; i < 1_200; i++) {
      send("k-" + i, "x");
    }
    for (int i = 0; i < 8; i++) {
      sender.send(OutgoingRecord.of(("large-" + i).getBytes(UTF_8), new byte[1_000_000]));
    }
    kinesis.gate.countDown();
    sender.flush();
    assertThat(kinesis.keys().stream().map(List::size)).containsExactly(1, 500, 500, 205, 3);
  }

  @Test
  void records_of_a_key_go_one_behind_the_other() throws Exception {
    send("first", "x");
    kinesis.started.await();
    send("a", "1");
    send("b", "2");
    send("a", "3");
    send("c", "4");
    kinesis.gate.countDown();
    sender.flush();
    assertThat(kinesis.keys())
        .containsExactly(List.of("first"), List.of("a", "b", "c"), List.of("a"));
    assertThat(kinesis.data()).containsExactly("x", "1", "2", "4", "3");
  }

  @Test
  void only_what_was_refused_is_put_again_and_before_what_came_behind_it() throws Exception {
    kinesis.answers.add(put -> answer(put));
    kinesis.answers.add(put -> answer(put, "b", "d"));
    kinesis.answers.add(put -> answer(put, "d"));
    send("first", "x");
    kinesis.started.await();
    for (String key : List.of("a", "b", "c", "d")) {
      send(key, key);
    }
    send("a", "second");
    kinesis.gate.countDown();
    sender.flush();
    assertThat(kinesis.keys())
        .containsExactly(
            List.of("first"),
            List.of("a", "b", "c", "d"),
            List.of("b", "d"),
            List.of("d"),
            List.of("a"));
  }

  @Test
  void what_passes_is_waited_for_and_what_does_not_fails_the_bundle() throws Exception {
    kinesis.gate.countDown();
    kinesis.answers.add(put -> CompletableFuture.failedFuture(error("LimitExceeded", 500)));
    send("a", "1");
    sender.flush();
    assertThat(kinesis.keys()).containsExactly(List.of("a"), List.of("a"));
    kinesis.answers.add(put -> CompletableFuture.failedFuture(error("AccessDeniedException", 400)));
    send("b", "2");
    assertThatThrownBy(sender::flush)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Kinesis stream 'decisions' in eu-west-1: found AccessDenied")
        .hasMessageEndingWith("; the bundle is tried again");
    assertThatThrownBy(() -> send("c", "3")).isInstanceOf(IOException.class);
    assertThatThrownBy(sender::check).isInstanceOf(IOException.class);
  }

  @Test
  void a_stream_that_takes_nothing_for_too_long_fails_the_bundle() throws Exception {
    kinesis.gate.countDown();
    for (int i = 0; i < 50; i++) {
      kinesis.answers.add(put -> answer(put, "a"));
    }
    send("a", "1");
    assertThatThrownBy(sender::flush)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("found ProvisionedThroughputExceededException (too much)")
        .hasMessageContaining("has it shards enough?");
  }

  @Test
  void closing_ends_what_would_be_put_again_and_closes_the_client() throws Exception {
    kinesis.gate.countDown();
    for (int i = 0; i < 50; i++) {
      kinesis.answers.add(put -> answer(put, "a"));
    }
    send("a", "1");
    kinesis.started.await();
    sender.close();
    kinesis.closed.await();
  }

  @Test
  void key_is_the_partition_key_and_its_hash_where_kinesis_would_not_take_it() {
    assertThat(KinesisStream.partitionKey("p-1".getBytes(UTF_8))).isEqualTo("p-1");
    assertThat(KinesisStream.partitionKey("x".repeat(256).getBytes(UTF_8))).hasSize(256);
    assertThat(KinesisStream.partitionKey("x".repeat(257).getBytes(UTF_8))).matches("[0-9a-f]{64}");
    assertThat(KinesisStream.partitionKey(new byte[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    byte[] key = "ä".getBytes(UTF_8);
    assertThat(STREAM.sizeOf(new OutgoingRecord(new byte[99], key, new byte[10]))).isEqualTo(12);
  }

  private void send(String key, String value) throws IOException {
    sender.send(OutgoingRecord.of(key.getBytes(UTF_8), value.getBytes(UTF_8)));
  }

  private static KinesisException error(String code, int status) {
    return (KinesisException)
        KinesisException.builder()
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage("no").build())
            .statusCode(status)
            .build();
  }

  /** Takes all but records of these keys. */
  private static CompletableFuture<PutRecordsResponse> answer(
      PutRecordsRequest put, String... refused) {
    List<PutRecordsResultEntry> results = new ArrayList<>();
    for (PutRecordsRequestEntry record : put.records()) {
      PutRecordsResultEntry.Builder result = PutRecordsResultEntry.builder();
      results.add(
          List.of(refused).contains(record.partitionKey())
              ? result
                  .errorCode("ProvisionedThroughputExceededException")
                  .errorMessage("too much")
                  .build()
              : result.sequenceNumber("1").build());
    }
    return CompletableFuture.completedFuture(
        PutRecordsResponse.builder().records(results).failedRecordCount(refused.length).build());
  }

  /** Answers when its gate is open, and as it is told. */
  private static final class Fake implements KinesisAsyncClient {

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deque<Function<PutRecordsRequest, CompletableFuture<PutRecordsResponse>>>
        answers = new ArrayDeque<>();
    private final List<PutRecordsRequest> puts = new ArrayList<>();

    @Override
    public CompletableFuture<PutRecordsResponse> putRecords(PutRecordsRequest request) {
      started.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (puts) {
        puts.add(request);
      }
      Function<PutRecordsRequest, CompletableFuture<PutRecordsResponse>> answer = answers.poll();
      return answer == null ? answer(request) : answer.apply(request);
    }

    List<List<String>> keys() {
      synchronized (puts) {
        return puts.stream()
            .map(
                put ->
                    IntStream.range(0, put.records().size())
                        .mapToObj(i -> put.records().get(i).partitionKey())
                        .toList())
            .toList();
      }
    }

    List<String> data() {
      synchronized (puts) {
        return puts.stream()
            .flatMap(put -> put.records().stream())
            .map(record -> record.data().asUtf8String())
            .toList();
      }
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
