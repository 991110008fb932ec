package dev.millrace.it.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;

import dev.millrace.it.transport.JsonPayments;
import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.deadletters.DeadLetterTopic;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deliver.DecisionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Payments over Kafka, whose customers are looked up; what becomes of each, by its id. */
final class CustomerPipeline implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;
  final KafkaBroker broker;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, List<GenericRecord>> decisions = new LinkedHashMap<>();
  private @Nullable PipelineSpec spec;
  private @Nullable PipelineResult running;
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable BinaryMessageDecoder<GenericRecord> decoder;

  CustomerPipeline(Path folder) throws IOException {
    this.folder = folder;
    this.broker = KafkaBroker.start(folder);
    for (String topic : List.of("payments", "decisions", "letters")) {
      broker.createTopic(topic, 1, Map.of());
    }
    broker.createTopic("customers", 2, Map.of("cleanup.policy", "compact"));
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Writes the contract and the pipeline's file.
   *
   * @param lookup what stands below {@code lookup:}, which is in the eighth line
   */
  Path write(String lookup) throws IOException {
    JsonPayments.contract(folder);
    return Files.writeString(
        folder.resolve("customers.yaml"),
        """
        pipeline: customers
        events:
          from: { kafka: { bootstrapServers: "%s", topic: payments } }
          format: { json: { contract: payment.json } }
          id: id
          eventTime: at
        history: [ { key: customer, features: { payments_1d: { count: events, over: 1d } } } ]
        lookup:
        %s
        compute: { share: "credit == 0.0 ? 0.0 : amount / credit" }
        decide: { field: decision, rules: [ { when: "share > 0.5", then: REVIEW } ], otherwise: APPROVE }
        to: { kafka: { topic: decisions } }
        deadLetters: { kafka: { topic: letters } }
        """
            .formatted(broker.bootstrapServers(), lookup.indent(2).stripTrailing()));
  }

  static PipelineSpec read(Path file, String... overrides) {
    return PipelineSpecReader.read(file, Overrides.parse(List.of(overrides)), System::getenv);
  }

  /** Assembles it, and so looks for all it needs. */
  static Pipeline assembled(PipelineSpec spec, Runner runner, String... options) {
    Pipeline pipeline = Pipeline.create(RunnerArguments.of(runner, options).demoOptions());
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    return pipeline;
  }

  void run(Path file, Runner runner) {
    PipelineSpec read = read(file);
    spec = read;
    decoder =
        new BinaryMessageDecoder<>(
            new GenericData(),
            DecisionSchema.of(read.pipeline(), PipelinePlan.of(read).decisions()));
    KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer = reader;
    List<TopicPartition> partitions = List.of(new TopicPartition("decisions", 0));
    reader.assign(partitions);
    reader.seekToBeginning(partitions);
    String[] options =
        runner == Runner.FLINK ? new String[] {"--checkpointingInterval=1000"} : new String[0];
    running = assembled(read, runner, options).run();
  }

  /** Customer {@code c<n>} has segment {@code S<n>}, and credit of 100 times n. */
  static String customer(int n) {
    return "{\"segment\": \"S%d\", \"limit\": %d.0}".formatted(n, 100 * n);
  }

  /** Sends records of customers; null removes one. */
  void sendCustomer(String key, @Nullable String value) throws Exception {
    send("customers", key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
  }

  void send(String topic, byte[] key, byte @Nullable [] value) throws Exception {
    producer.send(new ProducerRecord<>(topic, key, value)).get();
  }

  /** Sends payments {@code p-<from>} to {@code p-<to - 1>}, of customer {@code customer}. */
  void pay(int from, int to, String customer) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String payment =
          "{\"id\": \"p-%d\", \"at\": \"2026-03-01T10:%02d:%02dZ\", \"customer\": \"%s\", \"amount\": 60.0}"
              .formatted(i, i / 60 % 60, i % 60, customer);
      sent.add(
          producer.send(
              new ProducerRecord<>("payments", customer.getBytes(UTF_8), payment.getBytes(UTF_8))));
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  /** What was decided so far about a payment, at last; null while nothing is. */
  @Nullable GenericRecord decided(int payment) throws IOException {
    KafkaConsumer<byte[], byte[]> reader = Objects.requireNonNull(consumer);
    for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
      GenericRecord decision = Objects.requireNonNull(decoder).decode(record.value());
      decisions
          .computeIfAbsent(decision.get("event_id").toString(), unseen -> new ArrayList<>())
          .add(decision);
    }
    List<GenericRecord> all = decisions.get("p-" + payment);
    return all == null ? null : all.get(all.size() - 1);
  }

  /** Waits for the decision about a payment. */
  GenericRecord await(int payment) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      GenericRecord decision = decided(payment);
      if (decision != null) {
        return decision;
      }
      if (Objects.requireNonNull(running).getState().isTerminal()) {
        return fail("the pipeline ended as %s", running.getState());
      }
    }
    return fail("p-%d: no decision; %d others; letters %s", payment, decisions.size(), letters());
  }

  /** Whether a payment is decided before so much time has passed. */
  boolean isDecidedWithin(int payment, Duration time) throws IOException {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      if (decided(payment) != null) {
        return true;
      }
    }
    return false;
  }

  /** The decision's columns of these names, as text. */
  List<String> columns(int payment, String... names) throws IOException {
    GenericRecord decision = await(payment);
    List<String> values = new ArrayList<>();
    for (String name : names) {
      values.add(String.valueOf(decision.get(name)));
    }
    return values;
  }

  /** How often payments were decided so far that were decided. */
  Map<String, List<GenericRecord>> decisions() {
    return decisions;
  }

  List<DeadLetter> letters() throws IOException {
    List<DeadLetter> all = new ArrayList<>();
    new DeadLetterTopic(
            (SinkSpec.Kafka) Objects.requireNonNull(Objects.requireNonNull(spec).deadLetters()))
        .read(all::add);
    return all;
  }

  boolean isRunning() {
    return running != null && !running.getState().isTerminal();
  }

  @Override
  public void close() throws IOException {
    if (running != null) {
      running.cancel();
    }
    if (consumer != null) {
      consumer.close();
    }
    producer.close();
    broker.close();
  }
}
