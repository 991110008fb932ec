package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.KinesisAccess;
import dev.millrace.transforms.transport.KinesisStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

class KinesisReaderTest {

  private static final KinesisStream STREAM =
      new KinesisStream("payments", KinesisAccess.of("eu-west-1"));
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int ROUNDS = 30;

  private final FakeKinesis kinesis = new FakeKinesis();
  private long now = 1_000_000;

  @Test
  void records_come_in_order_with_their_key_their_origin_and_when_they_arrived() throws Exception {
    String shard = kinesis.open(0, 100);
    kinesis.put(shard, "c-1", bytes("one"));
    kinesis.put(shard, "c-2", bytes("two"));
    KinesisReader reader = reader(whole(), null);
    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent())
        .containsExactly(
            new RawRecord(
                new Origin("kinesis", "payments", 0, 0, "1"), 1, bytes("c-1"), bytes("one")),
            new RawRecord(
                new Origin("kinesis", "payments", 0, 0, "2"), 2, bytes("c-2"), bytes("two")));
    assertThat(reader.getCurrentTimestamp().getMillis()).isEqualTo(1);
    assertThat(reader.advance()).isFalse();
  }

  @Test
  void nobody_waits_for_an_answer() throws Exception {
    kinesis.open(0, 100);
    kinesis.silent = true;
    KinesisReader reader = reader(whole(), null);
    assertThat(reader.start()).isFalse();
    assertThat(reader.advance()).isFalse();
    assertThat(kinesis.asked).isZero();
  }

  @Test
  void a_shard_is_asked_as_often_as_is_said() throws Exception {
    kinesis.open(0, 100);
    KinesisReader reader = reader(whole(), null);
    calls(reader, 1);
    assertThat(kinesis.asked).isEqualTo(1);
    now += POLL.toMillis() - 1;
    calls(reader, 3);
    assertThat(kinesis.asked).isEqualTo(1);
    now += 1;
    calls(reader, 3);
    assertThat(kinesis.asked).isEqualTo(2);
  }

  @Test
  void a_thousand_records_are_taken_at_once_and_a_mark_between_them_loses_none() throws Exception {
    String shard = kinesis.open(0, 100);
    IntStream.rangeClosed(1, 2_500).forEach(i -> kinesis.put(shard, "k", bytes("r" + i)));
    KinesisReader reader = reader(whole(), null);
    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).hasSize(1_000);
    KinesisReader restored = reader(whole(), copy(reader.getCheckpointMark()));
    assertThat(restored.start()).isTrue();
    assertThat(restored.getCurrent().get(0).payload()).isEqualTo(bytes("r1001"));
  }

  @Test
  void children_are_read_when_their_parents_are_at_their_end() throws Exception {
    String left = kinesis.open(0, 50);
    String right = kinesis.open(50, 100);
    KinesisReader reader = reader(whole(), null);
    kinesis.put(left, "l", bytes("1"));
    kinesis.put(right, "r", bytes("2"));
    assertThat(texts(read(reader, ROUNDS))).containsExactlyInAnyOrder("1", "2");
    kinesis.put(left, "l", bytes("3"));
    kinesis.close(left);
    kinesis.close(right);
    String merged = kinesis.open(0, 100, left, right);
    kinesis.put(merged, "l", bytes("4"));
    kinesis.close(merged);
    String first = kinesis.open(0, 30, merged);
    kinesis.put(first, "l", bytes("5"));
    kinesis.put(kinesis.open(30, 100, merged), "r", bytes("6"));
    List<String> rest = texts(read(reader, ROUNDS));
    assertThat(rest).containsExactlyInAnyOrder("3", "4", "5", "6").containsSubsequence("3", "4");
    assertThat(rest.subList(0, 2)).containsExactly("3", "4");
  }

  @Test
  void children_that_are_listed_late_are_found() throws Exception {
    String parent = kinesis.open(0, 100);
    kinesis.close(parent);
    KinesisReader reader = reader(whole(), null);
    read(reader, ROUNDS);
    kinesis.put(kinesis.open(0, 100, parent), "k", bytes("late"));
    assertThat(texts(read(reader, ROUNDS))).containsExactly("late");
  }

  @Test
  void readers_of_parts_have_every_record_once_and_in_order_whatever_becomes_of_shards()
      throws Exception {
    String left = kinesis.open(0, 50);
    String right = kinesis.open(50, 100);
    List<KinesisReader> readers =
        source(BigInteger.ZERO, KeyRange.first(hundredths(50)))
            .split(2, PipelineOptionsFactory.create())
            .stream()
            .map(part -> reader(part, null))
            .toList();
    assertThat(readers).hasSize(2);
    put(0, 40);
    Map<String, List<Integer>> seen = new TreeMap<>();
    readers.forEach(reader -> collect(reader, seen));
    kinesis.close(left);
    kinesis.close(right);
    String merged = kinesis.open(0, 100, left, right);
    put(40, 80);
    // The first has the merged shard's records while the second is yet to read its parent.
    collect(readers.get(0), seen);
    kinesis.close(merged);
    kinesis.open(0, 70, merged);
    kinesis.open(70, 100, merged);
    put(80, 120);
    readers.forEach(reader -> collect(reader, seen));
    Map<String, List<Integer>> expected = new TreeMap<>();
    for (int i = 0; i < 120; i++) {
      expected.computeIfAbsent("k-" + i % 8, key -> new ArrayList<>()).add(i);
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void a_restored_reader_goes_on_behind_what_was_read_and_reads_no_parent_again() throws Exception {
    String parent = kinesis.open(0, 100);
    kinesis.put(parent, "k", bytes("1"));
    kinesis.close(parent);
    String child = kinesis.open(0, 100, parent);
    kinesis.put(child, "k", bytes("2"));
    KinesisReader reader = reader(whole(), null);
    assertThat(texts(read(reader, ROUNDS))).containsExactly("1", "2");
    kinesis.put(child, "k", bytes("3"));
    KinesisReader restored = reader(whole(), copy(reader.getCheckpointMark()));
    assertThat(texts(read(restored, ROUNDS))).containsExactly("3");
    assertThat(restored.getCheckpointMark().read())
        .isEqualTo(Map.of(parent, KinesisMark.ALL, child, "3"));
  }

  @Test
  void a_shard_of_which_nothing_was_read_is_begun_after_a_restore_where_it_was_before()
      throws Exception {
    kinesis.open(0, 100);
    Instant launch = Instant.ofEpochMilli(77);
    KinesisSource source =
        new KinesisSource(STREAM, List.of(BigInteger.ZERO), ShardPosition.at(launch), null, POLL);
    KinesisReader reader = reader(source, null);
    calls(reader, 2);
    calls(reader(source, copy(reader.getCheckpointMark())), 2);
    assertThat(kinesis.begun).hasSize(2);
    kinesis.begun.forEach(
        request -> {
          assertThat(request.shardIteratorType()).isEqualTo(ShardIteratorType.AT_TIMESTAMP);
          assertThat(request.timestamp()).isEqualTo(launch);
        });
  }

  @Test
  void what_is_behind_a_shard_that_is_kept_no_longer_is_read() throws Exception {
    String old = kinesis.open(0, 100);
    kinesis.put(old, "k", bytes("1"));
    KinesisReader reader = reader(whole(), null);
    read(reader, ROUNDS);
    KinesisMark mark = reader.getCheckpointMark();
    kinesis.close(old);
    kinesis.put(kinesis.open(0, 100, old), "k", bytes("2"));
    kinesis.expire(old);
    KinesisReader restored = reader(whole(), mark);
    assertThat(texts(read(restored, ROUNDS))).containsExactly("2");
    assertThat(restored.getCheckpointMark().read()).doesNotContainKey(old);
  }

  @Test
  void an_iterator_that_has_expired_is_replaced_where_it_was() throws Exception {
    String shard = kinesis.open(0, 100);
    kinesis.put(shard, "k", bytes("1"));
    KinesisReader reader = reader(whole(), null);
    read(reader, ROUNDS);
    kinesis.put(shard, "k", bytes("2"));
    kinesis.fail(ExpiredIteratorException.builder().message("expired").build());
    assertThat(texts(read(reader, ROUNDS))).containsExactly("2");
  }

  @Test
  void a_shard_that_is_too_busy_is_asked_for_as_long_as_it_takes() throws Exception {
    String shard = kinesis.open(0, 100);
    kinesis.put(shard, "k", bytes("1"));
    for (int i = 0; i < 200; i++) {
      kinesis.fail(
          ProvisionedThroughputExceededException.builder()
              .awsErrorDetails(
                  AwsErrorDetails.builder()
                      .errorCode("ProvisionedThroughputExceededException")
                      .build())
              .build());
    }
    assertThat(texts(read(reader(whole(), null), 1_500))).containsExactly("1");
  }

  @Test
  void trouble_of_a_minute_fails_the_reader_and_a_stream_that_is_gone_at_once() throws Exception {
    kinesis.open(0, 100);
    KinesisReader reader = reader(whole(), null);
    for (int i = 0; i < 100; i++) {
      kinesis.fail(
          (RuntimeException)
              KinesisException.builder()
                  .awsErrorDetails(
                      AwsErrorDetails.builder()
                          .errorCode("AccessDeniedException")
                          .errorMessage("no")
                          .build())
                  .statusCode(400)
                  .build());
    }
    long start = now;
    assertThatThrownBy(() -> read(reader, 1_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Kinesis stream 'payments', shardId-000000000000 in eu-west-1")
        .hasMessageContaining("found AccessDeniedException (no), expected who may");
    assertThat(now - start).isBetween(60_000L, 65_000L);
    FakeKinesis gone = new FakeKinesis();
    gone.open(0, 100);
    gone.fail(ResourceNotFoundException.builder().message("gone").build());
    KinesisReader other = reader(whole(), null, gone);
    assertThatThrownBy(() -> calls(other, 3)).isInstanceOf(IOException.class);
  }

  @Test
  void watermark_is_the_oldest_time_to_which_a_shard_was_read_and_never_goes_back()
      throws Exception {
    String left = kinesis.open(0, 50);
    kinesis.open(50, 100);
    kinesis.put(left, "k", bytes("1"));
    kinesis.behind = 5_000;
    KinesisReader reader = reader(whole(), null);
    assertThat(reader.getWatermark().getMillis()).isLessThan(0);
    calls(reader, 4);
    assertThat(reader.getWatermark().getMillis()).isEqualTo(now - 5_000 - 1_000);
    kinesis.behind = 0;
    read(reader, ROUNDS);
    long caughtUp = reader.getWatermark().getMillis();
    assertThat(caughtUp).isBetween(now - 1_500, now - 1_000);
    assertThat(reader(whole(), reader.getCheckpointMark()).getWatermark().getMillis())
        .isEqualTo(caughtUp);
  }

  @Test
  void closing_gives_up_what_is_under_way() throws Exception {
    kinesis.open(0, 100);
    KinesisReader reader = reader(whole(), null);
    calls(reader, 3);
    kinesis.silent = true;
    calls(reader, 3);
    reader.close();
    assertThat(kinesis.closed).isTrue();
  }

  private void put(int from, int to) {
    for (int i = from; i < to; i++) {
      kinesis.put("k-" + i % 8, bytes(Integer.toString(i)));
    }
  }

  private void collect(KinesisReader reader, Map<String, List<Integer>> into) {
    try {
      for (RawRecord record : read(reader, ROUNDS)) {
        into.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
            .add(Integer.parseInt(new String(record.payload(), UTF_8)));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What comes in so many calls, between which time passes. */
  private List<RawRecord> read(KinesisReader reader, int calls) throws IOException {
    List<RawRecord> all = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      all.addAll(calls(reader, 1));
      now += 300;
    }
    return all;
  }

  /** What comes in so many calls at one time. */
  private static List<RawRecord> calls(KinesisReader reader, int calls) throws IOException {
    List<RawRecord> all = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      if (reader.advance()) {
        all.addAll(reader.getCurrent());
      }
    }
    return all;
  }

  private KinesisReader reader(KinesisSource source, @Nullable KinesisMark mark) {
    return reader(source, mark, kinesis);
  }

  private KinesisReader reader(
      KinesisSource source, @Nullable KinesisMark mark, FakeKinesis client) {
    KinesisReader.Feeds feeds =
        new KinesisReader.Feeds() {
          @Override
          public ShardFeed of(Shard shard, String read) {
            return new PolledShard(
                client, STREAM, shard.shardId(), source.position(read), POLL, () -> now);
          }

          @Override
          public void close() {}
        };
    return new KinesisReader(source, client, feeds, () -> now, mark);
  }

  private static KinesisMark copy(KinesisMark mark) throws IOException {
    return CoderUtils.clone(KinesisMark.CODER, mark);
  }

  private static KinesisSource whole() {
    return source(BigInteger.ZERO);
  }

  private static KinesisSource source(BigInteger... firsts) {
    return new KinesisSource(STREAM, List.of(firsts), ShardPosition.OLDEST, null, POLL);
  }

  private static Shard hundredths(int from) {
    return Shard.builder()
        .hashKeyRange(
            range ->
                range.startingHashKey(
                    FakeKinesis.END
                        .multiply(BigInteger.valueOf(from))
                        .divide(BigInteger.valueOf(100))
                        .toString()))
        .build();
  }

  private static List<String> texts(List<RawRecord> records) {
    return records.stream().map(record -> new String(record.payload(), UTF_8)).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
