package dev.millrace.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads decisions as they come, and keeps how long each took from sending, by the second in which
 * it came. Of a decision that comes again the first counts.
 */
final class Watch implements AutoCloseable {

  /** So many seconds in a row must be good before it is called recovered. */
  private static final int IN_A_ROW = 5;

  private final Load load;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BitSet decided = new BitSet();
  private final Map<Long, Histogram> delays = new TreeMap<>();
  private final Thread thread = new Thread(this::read, "watch");
  private volatile boolean ending;

  Watch(Load load, String bootstrapServers, String topic, boolean committedOnly) {
    this.load = load;
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("enable.auto.commit", "false");
    settings.put("isolation.level", committedOnly ? "read_committed" : "read_uncommitted");
    settings.put("reconnect.backoff.max.ms", "500");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> only = List.of(new TopicPartition(topic, 0));
    consumer.assign(only);
    consumer.seekToBeginning(only);
    thread.start();
  }

  private void read() {
    while (!ending) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
        add(Payments.number(new String(record.key(), UTF_8)), System.nanoTime());
      }
    }
    consumer.close();
  }

  private synchronized void add(long number, long now) {
    long sentAt = load.sentAt(number);
    if (sentAt == 0 || decided.get((int) number)) {
      return;
    }
    decided.set((int) number);
    delays
        .computeIfAbsent(second(now), unseen -> new Histogram(3))
        .recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(now - sentAt)));
  }

  private static long second(long nanos) {
    return Math.floorDiv(nanos, 1_000_000_000L);
  }

  /** How many payments were decided. */
  synchronized int decided() {
    return decided.cardinality();
  }

  /** The median of the p99s of the last seconds, in milliseconds; NaN when there were none. */
  synchronized double p99(int seconds) {
    long now = second(System.nanoTime());
    List<Double> each = new ArrayList<>();
    for (long at = now - seconds; at < now; at++) {
      if (delays.containsKey(at)) {
        each.add(p99At(at));
      }
    }
    each.sort(null);
    return each.isEmpty() ? Double.NaN : each.get(each.size() / 2);
  }

  /** How the last seconds were, in words. */
  String tell(int seconds) {
    Histogram all = last(seconds);
    return "%,d decided, p50 %.1f ms, p99 %.1f ms, longest %.0f ms"
        .formatted(
            decided(),
            all.getValueAtPercentile(50) / 1000.0,
            all.getValueAtPercentile(99) / 1000.0,
            all.getMaxValue() / 1000.0);
  }

  /** All delays of the last seconds. */
  synchronized Histogram last(int seconds) {
    Histogram all = new Histogram(3);
    long now = second(System.nanoTime());
    delays.forEach(
        (at, histogram) -> {
          if (at >= now - seconds && at < now) {
            all.add(histogram);
          }
        });
    return all;
  }

  private double p99At(long second) {
    Histogram histogram = delays.get(second);
    return histogram == null ? Double.MAX_VALUE : histogram.getValueAtPercentile(99) / 1000.0;
  }

  /**
   * Waits until decisions come in time: so many seconds in a row, up to now, whose p99 is within a
   * bound.
   *
   * @param since when the fault began, by {@link System#nanoTime}
   * @param progress hears every ten seconds how it stands
   * @return seconds from then to the end of the last that was not in time, or NaN when it did not
   *     happen
   */
  double awaitCalm(long since, double boundMillis, Duration patience, Consumer<String> progress) {
    long start = System.nanoTime();
    long told = start;
    while (System.nanoTime() - start < patience.toNanos()) {
      if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(10)) {
        told = System.nanoTime();
        progress.accept(tell(10));
      }
      // A second that is not over tells nothing yet.
      long now = second(System.nanoTime());
      long bad = lastBad(second(since) + 1, now, boundMillis);
      if (now - bad > IN_A_ROW) {
        return Math.max(0, bad + 1 - since / 1e9);
      }
      Scene.pause(Duration.ofMillis(200));
    }
    return Double.NaN;
  }

  /** The last second of those from {@code first} to before {@code end}; the one before, if none. */
  private synchronized long lastBad(long first, long end, double boundMillis) {
    long bad = end - 1;
    while (bad >= first && p99At(bad) <= boundMillis) {
      bad--;
    }
    return bad;
  }

  @Override
  public void close() {
    ending = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
