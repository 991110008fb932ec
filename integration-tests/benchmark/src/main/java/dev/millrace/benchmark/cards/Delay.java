package dev.millrace.benchmark.cards;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.benchmark.cards.Contestant.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * How long it takes from just before a payment is sent until its decision is read, by one clock.
 * Each value is the median, over windows of five seconds, of the window's percentile in
 * milliseconds.
 */
record Delay(double p50, double p95, double p99, double p999) {

  private static final int WINDOW_SECONDS = 5;

  /**
   * Sent and decided before anything else, so that nobody begins behind what piled up meanwhile.
   */
  private static final Phase START = new Phase(500, 0, 2);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LONGEST_NANOS = Duration.ofMinutes(10).toNanos();

  /**
   * A stretch of steady rate.
   *
   * @param warmUpSeconds what is sent in them is not measured
   */
  record Phase(int rate, int warmUpSeconds, int seconds) {
    int records() {
      return rate * (warmUpSeconds + seconds);
    }
  }

  /** Sends a contestant payments, phase after phase; gives the delay by rate. */
  static Map<Integer, Delay> of(
      Stand stand, Contestant contestant, Setting setting, String name, List<Phase> phases)
      throws IOException {
    String input = name + ".payments";
    String output = name + ".decisions";
    stand.topics().create(input, Workload.PARTITIONS);
    stand.topics().create(output, 1);
    int records = START.records() + phases.stream().mapToInt(Phase::records).sum();
    try (Running running = contestant.start(stand, setting, input, output)) {
      long[] sent = new long[records];
      Reader reader = new Reader(stand.topics().consumer(), output, sent.length);
      reader.start();
      try {
        send(stand.topics(), setting, input, List.of(START), 0, sent);
        awaitAll(running, reader, START.records());
        send(stand.topics(), setting, input, phases, START.records(), sent);
        awaitAll(running, reader, records);
      } finally {
        reader.end();
      }
      return delays(phases, sent, reader.read);
    }
  }

  private static void send(
      Topics topics, Setting setting, String input, List<Phase> phases, int first, long[] sent) {
    Workload workload = new Workload(setting.customers(), false);
    try (KafkaProducer<byte[], byte[]> producer = topics.producer(Map.of("linger.ms", "0"))) {
      int number = first;
      for (Phase phase : phases) {
        long start = System.nanoTime();
        for (int i = 0; i < phase.records(); i++) {
          long due = start + (long) i * 1_000_000_000 / phase.rate();
          for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
          }
          sent[number] = System.nanoTime();
          var unused = producer.send(Topics.record(input, workload, number++));
        }
      }
    }
  }

  private static void awaitAll(Running running, Reader reader, int records) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (reader.count.get() < records) {
      running.check();
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "found %,d decisions %s after the last payment, expected %,d"
                .formatted(reader.count.get(), PATIENCE, records));
      }
      Drain.pause();
    }
  }

  private static Map<Integer, Delay> delays(List<Phase> phases, long[] sent, long[] read) {
    Map<Integer, Delay> byRate = new LinkedHashMap<>();
    int first = START.records();
    for (Phase phase : phases) {
      int end = first + phase.records();
      Map<Integer, Histogram> windows = new HashMap<>();
      for (int i = first + phase.rate() * phase.warmUpSeconds(); i < end; i++) {
        windows
            .computeIfAbsent(
                (i - first) / (phase.rate() * WINDOW_SECONDS),
                window -> new Histogram(LONGEST_NANOS, 3))
            .recordValue(Math.min(LONGEST_NANOS, read[i] - sent[i]));
      }
      byRate.put(phase.rate(), of(List.copyOf(windows.values())));
      first = end;
    }
    return byRate;
  }

  private static Delay of(List<Histogram> windows) {
    return new Delay(
        median(windows, 50), median(windows, 95), median(windows, 99), median(windows, 99.9));
  }

  private static double median(List<Histogram> windows, double percentile) {
    List<Double> values = new ArrayList<>();
    windows.forEach(window -> values.add(window.getValueAtPercentile(percentile) / 1e6));
    return Medians.of(values);
  }

  /** Stamps each decision when it is read; of one that comes twice, the first time. */
  private static final class Reader extends Thread {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final long[] read;
    private final AtomicLong count = new AtomicLong();
    private volatile boolean ended;

    Reader(KafkaConsumer<byte[], byte[]> consumer, String output, int records) {
      super("decisions");
      this.consumer = consumer;
      this.read = new long[records];
      List<TopicPartition> only = List.of(new TopicPartition(output, 0));
      consumer.assign(only);
      consumer.seekToBeginning(only);
    }

    @Override
    public void run() {
      try (consumer) {
        while (!ended) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            int number = Workload.number(new String(record.key(), UTF_8));
            if (read[number] == 0) {
              read[number] = System.nanoTime();
              count.incrementAndGet();
            }
          }
        }
      }
    }

    void end() {
      ended = true;
      try {
        join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
