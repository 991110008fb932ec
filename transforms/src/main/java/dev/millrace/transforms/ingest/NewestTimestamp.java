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
 * none, it is the time of reading. The partition's watermark is the newest timestamp less a delay
 * that out-of-order records are given, and never ahead of the clock less that delay: one record
 * stamped in the future does not make all others late.
 *
 * <p>A partition that is read to its end, even one that never had a record, moves on with the time
 * at which its end was last looked up, so that a quiet partition does not hold all others. KafkaIO
 * looks once a second. A partition whose last entry is a transaction's marker looks unread to
 * KafkaIO, and stays at its newest record until the next one.
 *
 * <p>The watermark never goes back, a restart from a checkpoint included.
 */
public final class NewestTimestamp<K, V> extends TimestampPolicy<K, V> {

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
  public static <K, V> TimestampPolicyFactory<K, V> delayedBy(Duration delay) {
    return (partition, previousWatermark) ->
        new NewestTimestamp<>(delay, previousWatermark.orElse(null), System::currentTimeMillis);
  }

  @Override
  public Instant getTimestampForRecord(PartitionContext partition, KafkaRecord<K, V> record) {
    long timestamp = record.getTimestamp();
    // Kafka's mark for "none"; anything that a producer made up must still be one of Beam's times.
    long clamped = timestamp == -1 ? now.getAsLong() : Math.max(NONE, Math.min(LAST, timestamp));
    newest = Math.max(newest, clamped);
    return Instant.ofEpochMilli(clamped);
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
