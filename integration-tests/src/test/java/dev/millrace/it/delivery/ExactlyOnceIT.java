package dev.millrace.it.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.ReadKafka;
import dev.millrace.transforms.transport.KafkaTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that fails again and again between its checkpoints, and readers of committed records. What
 * reads the topics is apart from what makes the job fail, so that the same is asked of other
 * faults.
 */
class ExactlyOnceIT {

  private static final int RECORDS = 20_000;
  private static final int KEYS = 200;
  private static final int FAILURES = 6;
  private static final long SEED = 11;

  private static final AtomicLongArray SENT = new AtomicLongArray(RECORDS);
  private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
  private static final AtomicLong UNTIL_FAILURE = new AtomicLong();
  private static final Random MOMENTS = new Random(SEED);

  static final class FailSometimes extends DoFn<RawRecord, KV<byte[], byte[]>> {
    @ProcessElement
    public void process(@Element RawRecord record, OutputReceiver<KV<byte[], byte[]>> out) {
      if (FAILURES_LEFT.get() > 0 && UNTIL_FAILURE.decrementAndGet() == 0) {
        FAILURES_LEFT.decrementAndGet();
        UNTIL_FAILURE.set(1_000 + MOMENTS.nextInt(2_000));
        throw new IllegalStateException("as a worker that is lost");
      }
      byte[] key = record.key();
      out.output(KV.of(key == null ? new byte[0] : key, record.payload()));
    }
  }

  @Test
  void committed_records_are_there_once_and_in_order_through_failures(@TempDir Path folder)
      throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder)) {
      broker.createTopic("in", 2, Map.of());
      broker.createTopic("out", 3, Map.of());
      FAILURES_LEFT.set(FAILURES);
      UNTIL_FAILURE.set(2_000);
      PipelineResult running = run(broker);
      Thread sending = new Thread(() -> send(broker), "send");
      sending.start();
      try (Readings committed = new Readings(broker.bootstrapServers(), "out", "read_committed")) {
        committed.until(RECORDS, Duration.ofSeconds(60)).untilIdle(Duration.ofSeconds(4));
        sending.join();
        assertThat(FAILURES_LEFT).hasValue(0);
        assertThat(running.getState()).isEqualTo(PipelineResult.State.RUNNING);
        assertThat(committed.times()).hasSize(RECORDS);
        assertThat(committed.times().values()).containsOnly(1);
        committed
            .valuesOfKey()
            .forEach((key, values) -> assertThat(values).as(key).isEqualTo(valuesOf(key)));
        System.out.printf(
            "%,d records once each, %d failures, written to read: %s%n",
            RECORDS, FAILURES, delays(committed));
      } finally {
        running.cancel();
      }
    }
  }

  private static PipelineResult run(KafkaBroker broker) {
    Pipeline pipeline =
        Pipeline.create(
            RunnerArguments.of(
                    Runner.FLINK,
                    "--checkpointingInterval=1000",
                    "--numConcurrentCheckpoints=16",
                    "--minPauseBetweenCheckpoints=100",
                    "--parallelism=2")
                .demoOptions());
    KafkaTopic out =
        new KafkaTopic(broker.bootstrapServers(), "out", Map.of()).exactlyOnceAs("exactly-once-it");
    pipeline
        .apply("Read", ReadKafka.from(broker.bootstrapServers(), "in"))
        .apply("Fail sometimes", ParDo.of(new FailSometimes()))
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("Write", out.write());
    return pipeline.run();
  }

  private static String delays(Readings readings) {
    Histogram millis = new Histogram(2);
    readings
        .arrivals()
        .forEach(
            (value, read) ->
                millis.recordValue((read - SENT.get(Integer.parseInt(value))) / 1_000_000));
    return "p50 %d ms, p99 %d ms, max %d ms"
        .formatted(
            millis.getValueAtPercentile(50), millis.getValueAtPercentile(99), millis.getMaxValue());
  }

  /** About a thousand a second. */
  private static void send(KafkaBroker broker) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long start = System.nanoTime();
      for (int i = 0; i < RECORDS; i++) {
        SENT.set(i, System.nanoTime());
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(
                    "in", ("k" + i % KEYS).getBytes(UTF_8), Integer.toString(i).getBytes(UTF_8)));
        while (System.nanoTime() - start < i * 1_000_000L) {
          LockSupport.parkNanos(1_000_000);
        }
      }
    }
  }

  private static List<String> valuesOf(String key) {
    List<String> values = new ArrayList<>();
    for (int i = Integer.parseInt(key.substring(1)); i < RECORDS; i += KEYS) {
      values.add(Integer.toString(i));
    }
    return values;
  }
}
