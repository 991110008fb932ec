package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The records of one partition that one poll gave, in the place of the headers of the last of them:
 * KafkaIO takes that one for all, so that what it does for a record is done once. Its offset is
 * where to go on, its size an estimate of theirs, and both are what KafkaIO asks a record for.
 */
final class PolledRecords extends RecordHeaders {

  private static final byte[] NONE = {};
  private static final long FIRST = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long LAST = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

  private final transient List<RawRecord> records;

  private PolledRecords(List<RawRecord> records) {
    this.records = records;
  }

  /** The last of {@code records}, one at least, with all of them behind it. */
  static ConsumerRecord<byte[], byte[]> behindTheLast(
      List<ConsumerRecord<byte[], byte[]>> records, long now) {
    List<RawRecord> raw = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      raw.add(raw(record, now));
    }
    ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
    return new ConsumerRecord<>(
        last.topic(),
        last.partition(),
        last.offset(),
        last.timestamp(),
        last.timestampType(),
        last.serializedKeySize(),
        last.serializedValueSize(),
        last.key(),
        last.value(),
        new PolledRecords(raw),
        last.leaderEpoch());
  }

  /** Those behind a record that came through KafkaIO, in the order of the partition. */
  static List<RawRecord> behind(KafkaRecord<byte[], byte[]> last) {
    return ((PolledRecords) Objects.requireNonNull(last.getHeaders())).records;
  }

  private static RawRecord raw(ConsumerRecord<byte[], byte[]> record, long now) {
    return new RawRecord(
        new Origin("kafka", record.topic(), record.partition(), record.offset()),
        timestamp(record.timestamp(), now),
        record.key(),
        record.value() == null ? NONE : record.value(),
        KafkaHeaders.attributes(record.headers()));
  }

  /** Kafka's mark for "none", -1, and what a producer made up, become one of Beam's times. */
  private static long timestamp(long kafkas, long now) {
    return kafkas == ConsumerRecord.NO_TIMESTAMP ? now : Math.max(FIRST, Math.min(LAST, kafkas));
  }
}
