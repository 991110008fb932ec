package dev.millrace.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.FlinkTaskManager;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.ServicesHome;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * A broker, a cluster of two TaskManagers with two slots each, faults.yaml as a job of two tasks a
 * step, and payments that come at a steady rate. What a {@link Fault} needs to do harm is here.
 */
final class Scene implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PARTITIONS = 4;

  /** How payments are delivered, and by which profile the job is launched. */
  enum Delivery {
    AT_LEAST_ONCE("latency", "atLeastOnce"),
    EXACTLY_ONCE("exactly-once", "exactlyOnce");

    final String profile;
    final String word;

    Delivery(String profile, String word) {
      this.profile = profile;
      this.word = word;
    }
  }

  /** Where state is kept. */
  enum Backend {
    ROCKSDB,
    /** As objects, which the job changes in place. */
    HASHMAP;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is set up.
   *
   * @param rate records a second
   * @param warmUp how long to wait at most, in the beginning, for decisions to come in time
   * @param emptyPartition whether the topic has one more partition, which never gets a record
   * @param smallDisk whether checkpoints go to a disk of their own, which can be filled
   */
  record Plan(
      long seed,
      int rate,
      Delivery delivery,
      Backend backend,
      Duration warmUp,
      boolean emptyPartition,
      boolean smallDisk) {}

  private final Path folder;
  private final Plan plan;
  private final Consumer<String> progress;
  private final Random random;
  private final List<Disturbance> disturbances = new ArrayList<>();
  private final KafkaBroker broker;
  private final FlinkCluster cluster;
  private final @Nullable SmallDisk disk;
  private Pipeline pipeline;
  private FlinkJob job;
  private Load load;
  private Watch watch;

  @SuppressWarnings("NullAway.Init") // begin() makes the rest
  private Scene(
      Path folder,
      Plan plan,
      Consumer<String> progress,
      KafkaBroker broker,
      FlinkCluster cluster,
      @Nullable SmallDisk disk) {
    this.folder = folder;
    this.plan = plan;
    this.progress = progress;
    this.random = new Random(plan.seed());
    this.broker = broker;
    this.cluster = cluster;
    this.disk = disk;
  }

  /** Starts the servers; nothing runs yet. */
  static Scene in(Path folder, Plan plan, Consumer<String> progress) throws IOException {
    progress.accept("starting a broker and a cluster");
    Path flink = folder.resolve("flink");
    List<AutoCloseable> started = new ArrayList<>();
    try {
      SmallDisk disk = plan.smallDisk ? SmallDisk.at(flink.resolve("checkpoints")) : null;
      if (disk != null) {
        started.add(disk);
      }
      KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
      started.add(broker);
      FlinkCluster cluster =
          FlinkCluster.in(flink)
              .withTaskManagers(2)
              .withSlots(2)
              .with("cluster.evenly-spread-out-slots", "true")
              .with("state.backend.type", plan.backend.word())
              .start();
      started.add(cluster);
      Scene scene = new Scene(folder, plan, progress, broker, cluster, disk);
      scene.lay();
      return scene;
    } catch (IOException | RuntimeException e) {
      closeAll(started, e);
      throw e;
    }
  }

  private static void closeAll(List<AutoCloseable> started, Exception because) {
    for (AutoCloseable one : started) {
      try {
        one.close();
      } catch (Exception e) {
        because.addSuppressed(e);
      }
    }
  }

  private void lay() throws IOException {
    Path schemas = Files.createDirectories(folder.resolve("schemas"));
    Files.copy(contract(), schemas.resolve(Payments.SCHEMA_ID + ".avsc"));
    broker.createTopic("payments", PARTITIONS + (plan.emptyPartition ? 1 : 0), Map.of());
    // The time at which the broker wrote it, not the payment's.
    broker.createTopic("decisions", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    broker.createTopic("deadletters", 1, Map.of());
  }

  private static Path root() {
    return ServicesHome.ofThisProject().root();
  }

  private static Path contract() {
    return root().resolve("pipelines/card-fraud/transaction.avsc");
  }

  /** Makes the job's graph, which needs the broker. */
  Scene assemble(String... more) {
    PipelinePlan pipelinePlan =
        PipelinePlan.of(
            PipelineSpecReader.read(
                root().resolve("integration-tests/faults/faults.yaml"),
                Overrides.parse(
                    List.of(
                        "events.from.kafka.bootstrapServers=" + broker.bootstrapServers(),
                        "events.format.avro.registry=" + folder.resolve("schemas"),
                        "to.kafka.delivery=" + plan.delivery.word,
                        "deadLetters.kafka.delivery=" + plan.delivery.word)),
                System::getenv));
    List<String> options =
        new ArrayList<>(
            List.of(
                "--flinkMaster=" + cluster.address(),
                "--parallelism=2",
                "--checkpointingInterval=1000"));
    options.addAll(List.of(more));
    pipeline =
        Pipeline.create(
            RunnerArguments.of(RunnerArguments.Runner.FLINK, options.toArray(String[]::new))
                .withProfile(plan.delivery.profile)
                .streamOptions("--jobName=" + pipelinePlan.spec().pipeline()));
    new Assembly(pipeline, pipelinePlan).decisions();
    return this;
  }

  /** Submits what was assembled. */
  Scene submit() throws IOException {
    pipeline.run();
    job = FlinkJob.newest(cluster.rest(), "card-fraud-faults").orElseThrow();
    return this;
  }

  /** Lets payments come, and waits until the job decides them in time. */
  void begin() throws IOException {
    job.awaitRunning(PATIENCE);
    startLoad();
    double first = watch.awaitCalm(System.nanoTime(), warmBound(), plan.warmUp, this::say);
    progress.accept("decides in time after %.0f s".formatted(first));
  }

  void startLoad() {
    load =
        new Load(
            new Payments(plan.seed), broker.bootstrapServers(), "payments", PARTITIONS, plan.rate);
    watch = new Watch(load, broker.bootstrapServers(), "decisions", committedOnly());
  }

  private boolean committedOnly() {
    return plan.delivery == Delivery.EXACTLY_ONCE;
  }

  /** What counts as in time before anything happened: the JVMs still compile. */
  double warmBound() {
    return committedOnly() ? 6_000 : 250;
  }

  KafkaBroker broker() {
    return broker;
  }

  FlinkCluster cluster() {
    return cluster;
  }

  SmallDisk disk() {
    return Objects.requireNonNull(disk, "the plan has no small disk");
  }

  FlinkJob job() {
    return job;
  }

  Load load() {
    return load;
  }

  Watch watch() {
    return watch;
  }

  Plan plan() {
    return plan;
  }

  Random random() {
    return random;
  }

  boolean hasLoad() {
    return load != null;
  }

  void say(String text) {
    progress.accept(text);
  }

  /** Remembers that from then until now decisions may have been made that are made again. */
  void disturbedSince(long checkpoint) {
    disturbances.add(new Disturbance(checkpoint, System.currentTimeMillis()));
  }

  /** When the last complete checkpoint began, in epoch milliseconds; 0 when there is none. */
  long checkpointBegan() throws IOException {
    return job.checkpointing().path("latest").path("completed").path("trigger_timestamp").asLong();
  }

  /** One of the TaskManagers that run tasks of the job, by lot. */
  FlinkTaskManager busyTaskManager() throws IOException {
    Set<String> busy = new HashSet<>();
    for (JsonNode vertex : cluster.rest().get("/jobs/" + job.id()).path("vertices")) {
      String path = "/jobs/" + job.id() + "/vertices/" + vertex.path("id").asText();
      for (JsonNode task : cluster.rest().get(path).path("subtasks")) {
        busy.add(task.path("taskmanager-id").asText());
      }
    }
    List<FlinkTaskManager> all =
        cluster.taskManagers().stream().filter(one -> busy.contains(one.resourceId())).toList();
    if (all.isEmpty()) {
      throw new IOException("job %s: found no TaskManager that runs it".formatted(job.id()));
    }
    return all.get(random.nextInt(all.size()));
  }

  /** The newest complete checkpoint of the job, as a restart by hand would look for it. */
  String lastCheckpoint() throws IOException {
    try (Stream<Path> all = Files.list(cluster.checkpoints().resolve(job.id()))) {
      return all.filter(one -> Files.exists(one.resolve("_metadata")))
          .max(Comparator.comparingInt(Scene::number))
          .orElseThrow(() -> new IOException("job " + job.id() + ": found no checkpoint"))
          .toUri()
          .toString();
    }
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(String.valueOf(checkpoint.getFileName()).substring("chk-".length()));
  }

  /** Ends the load, waits until every payment is decided, and judges. */
  Findings judge() throws IOException {
    load.end();
    Set<String> acknowledged = new HashSet<>();
    Payments payments = new Payments(plan.seed);
    load.acknowledged().stream()
        .filter(number -> payments.kind(number).readable())
        .forEach(number -> acknowledged.add(Payments.id(payments.payment(number))));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (watch.decided() < acknowledged.size() && System.nanoTime() < deadline) {
      pause(Duration.ofMillis(500));
    }
    // Dead letters have no watch: the last may still be on their way, at most a checkpoint behind.
    pause(Duration.ofSeconds(committedOnly() ? 5 : 2));
    Schema schema = new Schema.Parser().parse(Files.readString(contract()));
    String model = root().resolve("models/card-fraud").toString();
    String servers = broker.bootstrapServers();
    return new Oracle(schema, model, disturbances)
        .judge(
            acknowledged,
            Topic.read(servers, "payments", false),
            Topic.read(servers, "decisions", committedOnly()),
            Topic.read(servers, "deadletters", committedOnly()));
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (load != null) {
      load.close();
      watch.close();
    }
    cluster.close();
    broker.close();
    if (disk != null) {
      disk.close();
    }
  }
}
