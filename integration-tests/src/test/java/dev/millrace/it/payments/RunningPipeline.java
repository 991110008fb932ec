package dev.millrace.it.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.deadletters.DeadLetterTopic;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A pipeline on Flink, and what comes out of it, read from its topics by Avro's own reader: the
 * pipeline's decoder has no part in judging it.
 */
public final class RunningPipeline implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final PipelineSpec spec;
  private final SinkSpec.Kafka to;
  private final ConfluentRegistry registry;
  private final PipelineResult result;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<String, List<GenericRecord>> decisions = new LinkedHashMap<>();

  private RunningPipeline(PipelineSpec spec, ConfluentRegistry registry, PipelineResult result) {
    this.spec = spec;
    this.to = spec.decisionTopic().orElseThrow();
    this.registry = registry;
    this.result = result;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", to.bootstrapServers(), "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = List.of(new TopicPartition(to.topic(), 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Starts the pipeline of a file in which {@code ${NAME}}s stand, on embedded Flink by default.
   */
  public static RunningPipeline start(
      Path file, Map<String, String> environment, String... options) {
    PipelineSpec spec = PipelineSpecReader.read(file, Overrides.parse(List.of()), environment::get);
    Pipeline pipeline = Pipeline.create(RunnerArguments.of(Runner.FLINK, options).demoOptions());
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    ConfluentRegistry registry =
        ConfluentRegistry.at(Objects.requireNonNull(environment.get("REGISTRY")));
    return new RunningPipeline(spec, registry, pipeline.run());
  }

  /** The decisions about each event so far, by its id: more than one where it came twice. */
  public Map<String, List<GenericRecord>> decisions() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
      GenericRecord decision = decode(record.value());
      decisions
          .computeIfAbsent(decision.get("event_id").toString(), id -> new ArrayList<>())
          .add(decision);
    }
    return decisions;
  }

  /** Waits for so many events to be decided. */
  public void awaitDecisions(int count) {
    await(() -> decisions().size() >= count, () -> decisions.size() + " decisions of " + count);
    assertThat(decisions).hasSize(count);
  }

  /** Waits for so many dead letters. */
  public List<DeadLetter> awaitDeadLetters(int count) {
    await(() -> deadLetters().size() >= count, () -> deadLetters().size() + " of " + count);
    return deadLetters();
  }

  public List<DeadLetter> deadLetters() {
    List<DeadLetter> all = new ArrayList<>();
    try {
      new DeadLetterTopic((SinkSpec.Kafka) Objects.requireNonNull(spec.deadLetters()))
          .read(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private void await(BooleanSupplier condition, Supplier<String> found) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (result.getState().isTerminal()) {
        fail("the pipeline ended as %s", result.getState());
      }
      if (System.nanoTime() > deadline) {
        fail("after %s: %s; dead letters: %s", PATIENCE, found.get(), deadLetters());
      }
    }
  }

  private GenericRecord decode(byte[] value) {
    int id = ByteBuffer.wrap(value).getInt(1);
    Schema schema =
        schemas.computeIfAbsent(
            id,
            key -> new Schema.Parser().parse(registry.find(SchemaId.of(key)).orElseThrow().text()));
    int from = AvroFrame.lengthOf(value);
    try {
      return new GenericDatumReader<GenericRecord>(schema)
          .read(null, DecoderFactory.get().binaryDecoder(value, from, value.length - from, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isRunning() {
    return !result.getState().isTerminal();
  }

  @Override
  public void close() throws IOException {
    consumer.close();
    if (isRunning()) {
      result.cancel();
    }
  }
}
