package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.SourceMetrics;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Reads the shards that have keys of a range, each as soon as its parents have been read to their
 * end. No call waits for Kinesis: a runner's thread reads many splits, and has more to do.
 *
 * <p>The watermark is the oldest time to which a shard was read, less a second for clocks that
 * differ; it never goes back.
 */
final class KinesisReader extends UnboundedSource.UnboundedReader<List<RawRecord>> {

  private static final Logger LOG = LoggerFactory.getLogger(KinesisReader.class);
  private static final Counter EXPIRED = Metrics.counter("kinesis", "shards_expired");
  private static final Duration CLOCKS = Duration.ofSeconds(1);

  /** Makes what one shard is read by. */
  interface Feeds extends AutoCloseable {
    ShardFeed of(Shard shard, String read);

    @Override
    void close();
  }

  private final Counter elementsRead = SourceMetrics.elementsRead();
  private final Counter bytesRead = SourceMetrics.bytesRead();
  private final KinesisSource source;
  private final KinesisAsyncClient client;
  private final Feeds feeds;
  private final LongSupplier clock;
  private final ReadingTrouble trouble;
  private final Map<String, String> read;
  private final List<ShardReader> readers = new ArrayList<>();

  private @Nullable CompletableFuture<StreamShards> listing;
  private long listingDue;
  private @Nullable StreamShards shards;
  private int turn;
  private List<RawRecord> current = List.of();
  private long timestamp;
  private long watermark;

  KinesisReader(
      KinesisSource source,
      KinesisAsyncClient client,
      Feeds feeds,
      LongSupplier clock,
      @Nullable KinesisMark mark) {
    this.source = source;
    this.client = client;
    this.feeds = feeds;
    this.clock = clock;
    this.trouble = new ReadingTrouble(source.stream(), "its shards");
    this.read = new TreeMap<>(mark == null ? Map.of() : mark.read());
    this.watermark =
        mark == null ? BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() : mark.watermark();
  }

  @Override
  public boolean start() throws IOException {
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    look();
    for (int i = 0; i < readers.size(); i++) {
      turn = (turn + 1) % readers.size();
      ShardReader reader = readers.get(turn);
      List<RawRecord> records = reader.next();
      read.put(reader.shardId(), reader.read());
      if (reader.isFinished()) {
        finish(reader);
      }
      if (!records.isEmpty()) {
        take(records);
        return true;
      }
      if (reader.isFinished()) {
        return false;
      }
    }
    return false;
  }

  private void take(List<RawRecord> records) {
    current = records;
    long bytes = 0;
    timestamp = Long.MAX_VALUE;
    for (RawRecord record : records) {
      timestamp = Math.min(timestamp, record.timestamp());
      bytes += record.payload().length;
    }
    elementsRead.inc(records.size());
    bytesRead.inc(bytes);
  }

  /** What comes behind it is begun, or looked for. */
  private void finish(ShardReader reader) {
    LOG.info("Kinesis {}: {} read to its end", source.stream(), reader.shardId());
    reader.close();
    readers.remove(reader);
    if (shards != null && shards.goesOnFrom(read)) {
      begin(shards);
    } else {
      shards = null;
    }
  }

  /** Lists the shards, at the beginning and when children are to be found. */
  private void look() throws IOException {
    long now = clock.getAsLong();
    if (shards != null || now < listingDue) {
      return;
    }
    if (listing == null) {
      listing = StreamShards.list(client, source.stream().name());
    }
    if (!listing.isDone()) {
      return;
    }
    CompletableFuture<StreamShards> answer = listing;
    listing = null;
    listingDue = now + ReadingTrouble.PAUSE.toMillis();
    try {
      StreamShards found = answer.join();
      trouble.over();
      forget(found);
      begin(found);
      shards = found.goesOnFrom(read) ? found : null;
    } catch (CompletionException e) {
      trouble.met(e, now);
    }
  }

  /** Of what Kinesis keeps no longer. */
  private void forget(StreamShards found) {
    for (String shard : List.copyOf(read.keySet())) {
      if (!found.has(shard) && readers.stream().noneMatch(each -> each.shardId().equals(shard))) {
        String last = read.remove(shard);
        if (!KinesisMark.ALL.equals(last)) {
          EXPIRED.inc();
          LOG.error(
              "Kinesis {}: found {} no longer, of which was read up to '{}': what was behind it is lost, for it is older than the stream's retention",
              source.stream(),
              shard,
              last);
        }
      }
    }
  }

  private void begin(StreamShards found) {
    Set<String> begun = readers.stream().map(ShardReader::shardId).collect(Collectors.toSet());
    for (Shard shard : found.readable(source.range(), read)) {
      if (!begun.contains(shard.shardId())) {
        String before = read.getOrDefault(shard.shardId(), KinesisMark.NOTHING);
        read.put(shard.shardId(), before);
        readers.add(
            new ShardReader(
                shard, source.range(), source.stream().name(), feeds.of(shard, before), before));
        LOG.info("Kinesis {}: {} begun behind '{}'", source.stream(), shard.shardId(), before);
      }
    }
  }

  @Override
  public List<RawRecord> getCurrent() {
    if (current.isEmpty()) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public Instant getCurrentTimestamp() {
    return Instant.ofEpochMilli(timestamp);
  }

  @Override
  public Instant getWatermark() {
    readers.stream()
        .mapToLong(ShardReader::time)
        .min()
        .ifPresent(
            oldest ->
                watermark =
                    Math.max(watermark, Math.min(oldest, clock.getAsLong()) - CLOCKS.toMillis()));
    return Instant.ofEpochMilli(watermark);
  }

  @Override
  public KinesisMark getCheckpointMark() {
    return new KinesisMark(getWatermark().getMillis(), read);
  }

  @Override
  public KinesisSource getCurrentSource() {
    return source;
  }

  @Override
  public void close() {
    readers.forEach(ShardReader::close);
    feeds.close();
    client.close();
  }
}
