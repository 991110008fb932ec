package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.event.Origin;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Reads one shard: the user's records of a range, and how far it has come. */
final class ShardReader {

  /** What a runner does for an element of a source, it does once for so many records. */
  private static final int RECORDS_AT_ONCE = 1_000;

  private static final int NUMBER_AT = "shardId-".length();

  private final Shard shard;
  private final KeyRange range;
  private final boolean isWhole;
  private final String stream;
  private final ShardFeed feed;
  private final Deque<Record> rest = new ArrayDeque<>();

  private String read;
  private ShardFeed.@Nullable Batch batch;
  private long time = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  /**
   * @param read what was read of it before
   */
  ShardReader(Shard shard, KeyRange range, String stream, ShardFeed feed, String read) {
    this.shard = shard;
    this.range = range;
    this.isWhole = range.contains(shard);
    this.stream = stream;
    this.feed = feed;
    this.read = read;
  }

  /** The records that come next; none when none has come. */
  List<RawRecord> next() throws IOException {
    if (batch == null) {
      batch = feed.next();
      if (batch == null) {
        return List.of();
      }
      rest.addAll(batch.records());
    }
    List<RawRecord> records = new ArrayList<>();
    for (int i = 0; i < RECORDS_AT_ONCE && !rest.isEmpty(); i++) {
      Record record = rest.remove();
      add(record, records);
      read = record.sequenceNumber();
    }
    if (rest.isEmpty()) {
      end(batch);
      batch = null;
    }
    return records;
  }

  private void end(ShardFeed.Batch taken) {
    time = Math.max(time, taken.newestAt());
    if (taken.isLast()) {
      read = KinesisMark.ALL;
    } else if (taken.reached() != null) {
      read = taken.reached();
    }
  }

  private void add(Record record, List<RawRecord> to) {
    long arrived = record.approximateArrivalTimestamp().toEpochMilli();
    time = Math.max(time, arrived);
    for (UserRecord each : UserRecord.of(record)) {
      if (isWhole || range.has(each.partitionKey(), shard)) {
        Origin origin =
            new Origin("kinesis", stream, number(), each.number(), record.sequenceNumber());
        to.add(new RawRecord(origin, arrived, each.partitionKey().getBytes(UTF_8), each.data()));
      }
    }
  }

  /** Of {@code shardId-000000000012}, 12. */
  private int number() {
    return Integer.parseInt(shard.shardId().substring(NUMBER_AT));
  }

  String shardId() {
    return shard.shardId();
  }

  /** What was read of it, as in a {@link KinesisMark}. */
  String read() {
    return read;
  }

  boolean isFinished() {
    return read.equals(KinesisMark.ALL);
  }

  /** The time, in milliseconds, to which it was read: what comes is hardly older. */
  long time() {
    return time;
  }

  void close() {
    feed.close();
  }
}
