package dev.millrace.transforms.lookup;

import dev.millrace.transforms.transport.KafkaClients;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Reads a compacted topic to its end, and then as it grows. */
final class TopicFeed implements TableFeed {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Longer than that, and what was removed meanwhile may be gone without a trace. */
  private static final long LONGEST_AWAY_NANOS = TimeUnit.HOURS.toNanos(1);

  private final CompactedTopic source;
  private final TopicRecords topicRecords;
  private @Nullable Consumer<byte[], byte[]> consumer;
  private int partitions;

  TopicFeed(CompactedTopic source, TopicRecords topicRecords) {
    this.source = source;
    this.topicRecords = topicRecords;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public TableRecords load(Progress progress) throws IOException, InterruptedException {
    close();
    try {
      // Made anew each time, with the secrets that there are now.
      Consumer<byte[], byte[]> fresh = KafkaClients.consumer(settings());
      consumer = fresh;
      List<TopicPartition> all = partitions(fresh);
      if (all.isEmpty()) {
        throw new IOException("%s: found no such topic".formatted(name()));
      }
      partitions = all.size();
      fresh.assign(all);
      fresh.seekToBeginning(all);
      Map<TopicPartition, Long> ends = fresh.endOffsets(all, ANSWER);
      progress.heard();
      long total = ends.values().stream().mapToLong(end -> end).sum();
      TableRecords records = new TableRecords(name(), source.maxBytes());
      long read = 0;
      while (!isAt(fresh, ends)) {
        int came = take(fresh, records, progress);
        read += came;
        if (came > 0) {
          progress.read(read, "%d at most".formatted(total));
        }
      }
      return records;
    } catch (InterruptException e) {
      throw interrupted();
    } catch (KafkaException | IllegalArgumentException e) {
      close();
      throw trouble(e);
    }
  }

  @Override
  public void follow(TableRecords records, Progress progress)
      throws IOException, InterruptedException {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null) {
      return; // the last load failed
    }
    try {
      long heard = System.nanoTime();
      long looked = heard;
      while (true) {
        boolean came = take(open, records, progress) > 0;
        long now = System.nanoTime();
        if (now - heard > LONGEST_AWAY_NANOS) {
          return;
        }
        if (came) {
          progress.heard();
          heard = now;
        }
        if (now - looked > LOOK_EVERY_NANOS) {
          looked = now;
          // Polling says nothing about a broker that is away.
          if (partitions(open).size() != partitions) {
            return;
          }
          progress.heard();
          heard = now;
        }
      }
    } catch (InterruptException e) {
      throw interrupted();
    } catch (KafkaException e) {
      throw trouble(e);
    }
  }

  private int take(Consumer<byte[], byte[]> from, TableRecords records, Progress progress)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
      count++;
      topicRecords.take(record, records, progress);
    }
    return count;
  }

  private static boolean isAt(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    return Objects.requireNonNullElse(
            consumer.partitionsFor(source.topic(), ANSWER),
            List.<org.apache.kafka.common.PartitionInfo>of())
        .stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private Map<String, Object> settings() {
    Map<String, Object> all = new HashMap<>(source.settings());
    all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, source.bootstrapServers());
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // What was read and is gone means that the topic is another: it is read anew.
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return all;
  }

  private IOException trouble(RuntimeException e) {
    return new IOException(
        "%s: found %s (%s)".formatted(name(), e.getClass().getSimpleName(), e.getMessage()), e);
  }

  private static InterruptedException interrupted() {
    boolean unused = Thread.interrupted();
    return new InterruptedException("closed");
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close(Duration.ZERO);
      consumer = null;
    }
  }
}
