package dev.millrace.benchmark.cards;

import dev.millrace.benchmark.handwritten.Work;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.ServicesHome;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.event.AvroFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;

/**
 * What all contestants share: a broker, the payments' schema, the model, and a folder to work in.
 */
record Stand(Path folder, KafkaBroker broker, Topics topics) implements AutoCloseable {

  /** Starts the broker. */
  static Stand in(Path folder) throws IOException {
    KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
    Stand stand = new Stand(folder, broker, Topics.of(broker));
    Files.createDirectories(stand.schemas());
    Files.copy(stand.contract(), stand.schemas().resolve(Workload.SCHEMA_ID + ".avsc"));
    stand.topics().create("bench.deadletters", 1);
    return stand;
  }

  /** The project's folder. */
  static Path root() {
    return ServicesHome.ofThisProject().root();
  }

  private Path contract() {
    return root().resolve("pipelines/card-fraud/transaction.avsc");
  }

  private Path schemas() {
    return folder.resolve("schemas");
  }

  /** The schema of every decision, whoever made it. */
  static Schema decision() {
    try (InputStream in = Stand.class.getResourceAsStream("decision.avsc")) {
      return new Schema.Parser().parse(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pipeline of {@code bench.yaml} between these topics. */
  PipelinePlan plan(Setting setting, String input, String output) {
    String broker = this.broker.bootstrapServers();
    Path spec = root().resolve("integration-tests/benchmark/bench.yaml");
    List<String> overrides =
        List.of(
            "events.from.kafka.bootstrapServers=" + broker,
            "events.from.kafka.topic=" + input,
            "events.format.avro.registry=" + schemas(),
            "to.kafka.topic=" + output,
            "to.kafka.settings={linger.ms: '%d', batch.size: '%s'}"
                .formatted(setting.aim().lingerMillis, setting.aim().batchBytes));
    return PipelinePlan.of(
        PipelineSpecReader.read(spec, Overrides.parse(overrides), System::getenv));
  }

  /** The same for those who write it by hand. */
  Work work(Setting setting, String input, String output) {
    PipelinePlan plan = plan(setting, input, output);
    return new Work(
        broker.bootstrapServers(),
        input,
        output,
        contract().toString(),
        schemas().toString(),
        root().resolve("models/card-fraud").toString(),
        AvroFrame.singleObject(decision()),
        plan.spec().pipeline(),
        plan.featureVersion(),
        Map.of(
            "linger.ms",
            Integer.toString(setting.aim().lingerMillis),
            "batch.size",
            setting.aim().batchBytes));
  }

  @Override
  public void close() {
    topics.close();
    broker.close();
  }
}
