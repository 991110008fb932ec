package dev.millrace.it.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.ReadKafka;
import dev.millrace.transforms.transport.KafkaClients;
import dev.millrace.transforms.transport.KafkaTopic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a password, and where this password is not to be found. */
class SecretsIT {

  private static final String CANARY = "canary-5f1e7c";
  private static final KafkaBroker.Login LOGIN = new KafkaBroker.Login("millrace", CANARY);

  static final class Copy extends DoFn<RawRecord, KV<byte[], byte[]>> {
    @ProcessElement
    public void process(@Element RawRecord record, OutputReceiver<KV<byte[], byte[]>> out) {
      out.output(KV.of(new byte[] {1}, record.payload()));
    }
  }

  @Test
  void password_is_used_and_is_in_no_description_log_or_checkpoint(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("password"), CANARY + "\n");
    Map<String, String> settings = LOGIN.settings("secret:file:" + file);
    Path checkpoints = folder.resolve("checkpoints");
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    try (KafkaBroker broker = KafkaBroker.start(folder, LOGIN)) {
      for (String topic : List.of("in", "once", "often")) {
        broker.createTopic(topic, 1, Map.of());
      }
      Pipeline pipeline = pipeline(broker, settings, checkpoints);
      assertThat(described(pipeline)).doesNotContain(CANARY).contains("secret:file:");
      PipelineResult running = pipeline.run();
      try (Producer<byte[], byte[]> producer = KafkaClients.producer(client(broker, settings))) {
        producer.send(new ProducerRecord<>("in", "hello".getBytes(UTF_8))).get();
        assertThat(first(broker, settings, "often")).isEqualTo("hello");
        // Committed only after a checkpoint, so there is one.
        assertThat(first(broker, settings, "once")).isEqualTo("hello");
        assertThat(contents(checkpoints)).contains("secret:file:").doesNotContain(CANARY);
      } finally {
        running.cancel();
      }
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(UTF_8)).contains("Write once").doesNotContain(CANARY);
  }

  @Test
  void wrong_password_is_an_error_at_launch(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "another\n");
    try (KafkaBroker broker = KafkaBroker.start(folder, LOGIN)) {
      KafkaTopic topic =
          new KafkaTopic(broker.bootstrapServers(), "out", LOGIN.settings("secret:file:" + file));
      assertThatThrownBy(topic::check)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Authentication failed")
          .hasMessageNotContaining("another");
    }
  }

  private static Pipeline pipeline(
      KafkaBroker broker, Map<String, String> settings, Path checkpoints) {
    Pipeline pipeline =
        Pipeline.create(
            RunnerArguments.of(
                    Runner.FLINK,
                    "--checkpointingInterval=500",
                    "--numConcurrentCheckpoints=16",
                    "--minPauseBetweenCheckpoints=100",
                    "--externalizedCheckpointsEnabled=true",
                    "--stateBackend=filesystem",
                    "--stateBackendStoragePath=" + checkpoints.toUri())
                .demoOptions());
    KafkaTopic often = new KafkaTopic(broker.bootstrapServers(), "often", settings);
    KafkaTopic once =
        new KafkaTopic(broker.bootstrapServers(), "once", settings).exactlyOnceAs("secrets-it");
    var records =
        pipeline
            .apply("Read", ReadKafka.from(broker.bootstrapServers(), "in").withSettings(settings))
            .apply("Copy", ParDo.of(new Copy()))
            .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()));
    records.apply("Write often", often.write());
    records.apply("Write once", once.write());
    return pipeline;
  }

  /** Display data, options, and everything that is sent to a worker. */
  private static String described(Pipeline pipeline) {
    StringBuilder all = new StringBuilder(pipeline.getOptions().toString());
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            describe(node, all);
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            describe(node, all);
          }
        });
    return all.toString();
  }

  private static void describe(TransformHierarchy.Node node, StringBuilder all) {
    if (node.getTransform() == null) {
      return;
    }
    all.append(node.getFullName()).append(node.getTransform());
    all.append(DisplayData.from(node.getTransform()));
    all.append(serialized(node.getTransform()));
    if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo) {
      all.append(serialized(parDo.getFn()));
    }
  }

  private static String serialized(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException notSent) {
      // Not all that is serializable by its type is; what is not is not sent either.
      return "";
    }
    return bytes.toString(ISO_8859_1);
  }

  private static Map<String, Object> client(KafkaBroker broker, Map<String, String> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", broker.bootstrapServers());
    all.put("group.id", "reader-of-secrets");
    all.put("auto.offset.reset", "earliest");
    all.put("isolation.level", "read_committed");
    return all;
  }

  private static String first(KafkaBroker broker, Map<String, String> settings, String topic) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(client(broker, settings))) {
      consumer.subscribe(List.of(topic));
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          return new String(record.value(), UTF_8);
        }
      }
    }
    return "nothing in " + topic;
  }

  private static String contents(Path folder) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        all.add(Files.readString(each, ISO_8859_1));
      }
    }
    return String.join("\n", all);
  }
}
