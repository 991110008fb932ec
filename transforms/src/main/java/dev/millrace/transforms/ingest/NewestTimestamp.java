package dev.millrace.transforms.ingest;

import java.util.function.LongSupplier;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Timestamps of one Kafka partition. A record's timestamp is the one Kafka holds; where Kafka holds
 * none, it is the time of reading; that of records which were polled together is their earliest.
 * The partition's watermark is the newest timestamp less a delay that out-of-order records are
 * given, and never ahead of the clock less that delay: one record stamped in the future does not
 * make all others late.
 *
 * <p>A partition that is read to its end, even one that never had a record, moves on with the time
 * at which its end was last looked up, so that a quiet partition does not hold all others. KafkaIO
 * looks once a second. A partition whose last entry is a transaction's marker looks unread to
 * KafkaIO, and stays at its newest record until the next one.
 *
 * <p>The watermark never goes back, a restart from a checkpoint included.
 */
final class NewestTimestamp extends TimestampPolicy<byte[], byte[]> {

  private static final long NONE = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long LAST = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

  private final long delay;
  private final LongSupplier now;
  private long newest = NONE;
  private long watermark;

  NewestTimestamp(Duration delay, @Nullable Instant previousWatermark, LongSupplier now) {
    this.delay = delay.getMillis();
    this.now = now;
    this.watermark = previousWatermark == null ? NONE : previousWatermark.getMillis();
  }

  /** A policy for each partition that gives records {@code delay} to arrive out of order. */
  static TimestampPolicyFactory<byte[], byte[]> delayedBy(Duration delay) {
    return (partition, previousWatermark) ->
        new NewestTimestamp(delay, previousWatermark.orElse(null), System::currentTimeMillis);
  }

  @Override
  public Instant getTimestampForRecord(
      PartitionContext partition, KafkaRecord<byte[], byte[]> record) {
    long earliest = LAST;
    for (RawRecord polled : PolledRecords.behind(record)) {
      newest = Math.max(newest, polled.timestamp());
      earliest = Math.min(earliest, polled.timestamp());
    }
    return Instant.ofEpochMilli(earliest);
  }

  @Override
  public Instant getWatermark(PartitionContext partition) {
    long seen = Math.min(newest, now.getAsLong());
    if (partition.getMessageBacklog() == 0) {
      seen = Math.max(seen, partition.getBacklogCheckTime().getMillis());
    }
    watermark = Math.max(watermark, Math.max(NONE, seen - delay));
    return Instant.ofEpochMilli(watermark);
  }
}
