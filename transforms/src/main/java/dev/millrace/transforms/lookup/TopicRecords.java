package dev.millrace.transforms.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.decode.UndecodableException;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.KafkaHeaders;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a topic's records do to a table, one after the other. Not thread-safe. */
final class TopicRecords {

  /** The source of schemas has pauses of its own, and answers meanwhile that it is away. */
  private static final long PAUSE_MILLIS = 100;

  private final String name;
  private final TopicValues values;
  private final AvroKeys.@Nullable Decoder keys;

  /**
   * @param keys null for keys that are text
   */
  TopicRecords(String name, TopicValues values, @Nullable AvroKeys keys) {
    this.name = name;
    this.values = values;
    this.keys = keys == null ? null : keys.open();
  }

  /**
   * Puts a record's value under its key, or removes the key where there is no value. While a schema
   * that it needs cannot be had it asks again: a later record of the key may not overtake it.
   */
  void take(ConsumerRecord<byte[], byte[]> record, TableRecords into, TableFeed.Progress progress)
      throws InterruptedException {
    if (record.key() == null) {
      return;
    }
    boolean away = false;
    while (true) {
      try {
        put(record, into, progress);
        if (away) {
          progress.heard();
        }
        return;
      } catch (SchemaSourceUnavailableException e) {
        if (!away) {
          away = true;
          progress.away("%s: found %s".formatted(name, e.getMessage()));
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private void put(
      ConsumerRecord<byte[], byte[]> record, TableRecords into, TableFeed.Progress progress) {
    Map<String, byte[]> headers = KafkaHeaders.attributes(record.headers());
    String key;
    try {
      key = key(record, headers);
    } catch (UndecodableException e) {
      progress.refused(
          "%s/%d@%d, key: %s".formatted(name, record.partition(), record.offset(), e.message()));
      return;
    }
    if (record.value() == null) {
      into.remove(key);
    } else {
      RawRecord value = raw(record.timestamp(), record.value(), headers);
      boolean unused = into.put(key, values.answer(value));
    }
  }

  private String key(ConsumerRecord<byte[], byte[]> record, Map<String, byte[]> headers)
      throws UndecodableException {
    return keys == null
        ? new String(record.key(), UTF_8)
        : keys.text(raw(record.timestamp(), record.key(), headers));
  }

  private static RawRecord raw(long timestamp, byte[] bytes, Map<String, byte[]> headers) {
    return new RawRecord(Origin.NONE, timestamp, null, bytes, headers);
  }
}
