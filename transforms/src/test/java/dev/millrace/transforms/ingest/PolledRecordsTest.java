package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a poll's records become, and what KafkaIO sees of them. */
class PolledRecordsTest {

  private static final long NOW = 1_000_000;

  @Test
  void every_record_comes_once_and_in_the_order_of_its_partition() {
    ConsumerRecords<byte[], byte[]> polled =
        new ConsumerRecords<>(
            Map.of(
                new TopicPartition("payments", 0), records(0, 40, 41, 43),
                new TopicPartition("payments", 1), records(1, 7)));

    List<Origin> origins = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> last : PolledConsumer.lastOfEach(polled)) {
      PolledRecords.behind(toKafkaIo(last)).forEach(record -> origins.add(record.origin()));
    }

    assertThat(origins)
        .containsExactlyInAnyOrder(
            new Origin("kafka", "payments", 0, 40),
            new Origin("kafka", "payments", 0, 41),
            new Origin("kafka", "payments", 0, 43),
            new Origin("kafka", "payments", 1, 7));
    assertThat(origins.stream().filter(at -> at.partition() == 0).map(Origin::position)).isSorted();
    assertThat(PolledConsumer.lastOfEach(ConsumerRecords.empty())).isEmpty();
  }

  @Test
  void kafka_io_goes_on_behind_the_last_and_takes_its_size() {
    ConsumerRecord<byte[], byte[]> last = PolledRecords.behindTheLast(records(3, 40, 43), NOW);
    assertThat(last.topic()).isEqualTo("payments");
    assertThat(last.partition()).isEqualTo(3);
    assertThat(last.offset()).isEqualTo(43);
    assertThat(last.value()).isEqualTo("at 43".getBytes(UTF_8));
  }

  @Test
  void key_value_and_headers_are_as_they_stand_there() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("id", new byte[] {1}).add("none", null).add("id", new byte[] {2});
    RawRecord full = only(record(0, 5, 900, "k".getBytes(UTF_8), "v".getBytes(UTF_8), headers));
    assertThat(full.key()).isEqualTo("k".getBytes(UTF_8));
    assertThat(full.payload()).isEqualTo("v".getBytes(UTF_8));
    assertThat(full.timestamp()).isEqualTo(900);
    assertThat(full.attribute("id")).isEqualTo(new byte[] {2});
    assertThat(full.attribute("none")).isEmpty();

    RawRecord empty = only(record(0, 6, 900, null, null, new RecordHeaders()));
    assertThat(empty.key()).isNull();
    assertThat(empty.payload()).isEmpty();
    assertThat(empty.attributes()).isEmpty();
  }

  @Test
  void missing_and_impossible_timestamps_become_possible_ones() {
    assertThat(at(-1)).isEqualTo(NOW);
    assertThat(at(Long.MAX_VALUE)).isEqualTo(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
    assertThat(at(Long.MIN_VALUE)).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
  }

  private static long at(long timestamp) {
    return only(record(0, 0, timestamp, null, null, new RecordHeaders())).timestamp();
  }

  private static RawRecord only(ConsumerRecord<byte[], byte[]> record) {
    List<RawRecord> records =
        PolledRecords.behind(toKafkaIo(PolledRecords.behindTheLast(List.of(record), NOW)));
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(int partition, long... offsets) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long offset : offsets) {
      byte[] value = ("at " + offset).getBytes(UTF_8);
      records.add(record(partition, offset, offset, null, value, new RecordHeaders()));
    }
    return records;
  }

  static ConsumerRecord<byte[], byte[]> record(
      int partition,
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      RecordHeaders headers) {
    return new ConsumerRecord<>(
        "payments",
        partition,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        headers,
        Optional.empty());
  }

  /** As KafkaIO's reader passes it on. */
  static KafkaRecord<byte[], byte[]> toKafkaIo(ConsumerRecord<byte[], byte[]> record) {
    return new KafkaRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        KafkaTimestampType.CREATE_TIME,
        record.headers(),
        record.key(),
        record.value());
  }
}
