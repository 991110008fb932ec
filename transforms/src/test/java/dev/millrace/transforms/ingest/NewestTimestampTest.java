package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy.PartitionContext;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NewestTimestampTest {

  private static final long NOW = 1_000_000;
  private static final PartitionContext UNKNOWN = partition(-1, 0);

  private final AtomicLong clock = new AtomicLong(NOW);
  private final NewestTimestamp policy = policy(null);

  private NewestTimestamp policy(@Nullable Instant previous) {
    return new NewestTimestamp(Duration.millis(100), previous, clock::get);
  }

  private static PartitionContext partition(long backlog, long checkedAt) {
    return new PartitionContext() {
      @Override
      public long getMessageBacklog() {
        return backlog;
      }

      @Override
      public Instant getBacklogCheckTime() {
        return Instant.ofEpochMilli(checkedAt);
      }
    };
  }

  private long read(long... timestamps) {
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
    for (long timestamp : timestamps) {
      polled.add(PolledRecordsTest.record(0, 0, timestamp, null, null, new RecordHeaders()));
    }
    KafkaRecord<byte[], byte[]> last =
        PolledRecordsTest.toKafkaIo(PolledRecords.behindTheLast(polled, NOW));
    return policy.getTimestampForRecord(UNKNOWN, last).getMillis();
  }

  private long watermark(PartitionContext partition) {
    return policy.getWatermark(partition).getMillis();
  }

  @Test
  void watermark_follows_the_newest_timestamp() {
    assertThat(policy.getWatermark(UNKNOWN)).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE);
    assertThat(read(500_000)).isEqualTo(500_000);
    assertThat(watermark(partition(3, NOW))).isEqualTo(499_900);
    assertThat(read(400_000)).isEqualTo(400_000);
    assertThat(watermark(partition(2, NOW))).isEqualTo(499_900);
  }

  @Test
  void partition_that_never_had_a_record_moves_on_with_time() {
    assertThat(watermark(partition(0, NOW - 10))).isEqualTo(NOW - 110);
    assertThat(watermark(partition(0, NOW + 500))).isEqualTo(NOW + 400);
  }

  @Test
  void partition_read_to_its_end_moves_on_with_time_and_one_with_backlog_does_not() {
    read(500_000);
    assertThat(watermark(partition(1, NOW))).isEqualTo(499_900);
    assertThat(watermark(UNKNOWN)).isEqualTo(499_900);
    assertThat(watermark(partition(0, NOW))).isEqualTo(NOW - 100);
  }

  @Test
  void watermark_never_goes_back() {
    assertThat(watermark(partition(0, NOW))).isEqualTo(NOW - 100);
    read(500_000);
    assertThat(watermark(partition(5, NOW))).isEqualTo(NOW - 100);
    assertThat(policy(Instant.ofEpochMilli(700)).getWatermark(UNKNOWN).getMillis()).isEqualTo(700);
  }

  @Test
  void record_from_the_future_does_not_make_the_others_late() {
    assertThat(read(NOW + 1_000_000)).isEqualTo(NOW + 1_000_000);
    assertThat(watermark(UNKNOWN)).isEqualTo(NOW - 100);
    clock.addAndGet(50);
    assertThat(watermark(UNKNOWN)).isEqualTo(NOW - 50);
  }

  @Test
  void records_polled_together_have_the_earliest_timestamp_and_the_watermark_the_newest() {
    assertThat(read(500_000, 700_000, 400_000)).isEqualTo(400_000);
    assertThat(watermark(partition(3, NOW))).isEqualTo(699_900);
  }
}
