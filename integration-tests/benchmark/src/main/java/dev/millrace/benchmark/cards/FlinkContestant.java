package dev.millrace.benchmark.cards;

import dev.millrace.benchmark.handwritten.NativeJob;
import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.TaskManagerMemory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.SourceReaderBase;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job on a cluster of its own: a JobManager, and a TaskManager with a slot for each task. */
record FlinkContestant(FlinkCluster cluster, FlinkJob running, Worker worker)
    implements Contestant.Running {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What the JVM that does the work has, for every contestant: room for a million keys. */
  static final TaskManagerMemory MEMORY = new TaskManagerMemory(3072, 512);

  private interface Submission {
    FlinkJob to(FlinkCluster cluster) throws Exception;
  }

  /** Millrace, as {@code millrace run bench.yaml --profile=... --flinkMaster=...} runs it. */
  static FlinkContestant millrace(Stand stand, Setting setting, String input, String output)
      throws IOException {
    PipelinePlan plan = stand.plan(setting, input, output);
    Setting.Aim aim = setting.aim();
    return start(
        stand,
        setting,
        cluster -> {
          Pipeline pipeline =
              Pipeline.create(
                  RunnerArguments.of(
                          RunnerArguments.Runner.FLINK,
                          "--flinkMaster=" + cluster.address(),
                          "--parallelism=" + setting.parallelism(),
                          "--checkpointingInterval=" + aim.checkpointMillis)
                      .withProfile(aim.profile)
                      .streamOptions("--jobName=" + plan.spec().pipeline()));
          new Assembly(pipeline, plan).decisions();
          pipeline.run();
          return FlinkJob.newest(cluster.rest(), plan.spec().pipeline()).orElseThrow();
        });
  }

  /** The job that is written by hand. */
  static FlinkContestant handwritten(Stand stand, Setting setting, String input, String output)
      throws IOException {
    return start(
        stand,
        setting,
        cluster -> {
          String[] address = cluster.address().split(":", 2);
          StreamExecutionEnvironment flink =
              StreamExecutionEnvironment.createRemoteEnvironment(
                  address[0], Integer.parseInt(address[1]), new Configuration(), jars());
          flink.setParallelism(setting.parallelism());
          flink.setBufferTimeout(setting.aim().bufferMillis);
          flink.enableCheckpointing(setting.aim().checkpointMillis);
          NativeJob.define(flink, stand.work(setting, input, output), setting.aim().batchMillis);
          JobClient client = flink.executeAsync("by hand");
          return new FlinkJob(cluster.rest(), client.getJobID().toString());
        });
  }

  private static FlinkContestant start(Stand stand, Setting setting, Submission submission)
      throws IOException {
    Path folder = Files.createTempDirectory(stand.folder(), "flink");
    FlinkCluster cluster =
        FlinkCluster.in(folder)
            .withTaskManagers(1)
            .withSlots(setting.parallelism())
            .withMemory(MEMORY)
            .with("state.backend.type", setting.backend().type())
            .start();
    try {
      FlinkJob job = submission.to(cluster);
      job.awaitRunning(PATIENCE);
      return new FlinkContestant(cluster, job, Worker.of(cluster.taskManager(0).pid()));
    } catch (Exception e) {
      cluster.close();
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  /** Millrace's job jar, for the decoder and the model; and what the job by hand has besides. */
  private static String[] jars() throws URISyntaxException {
    Path millrace = Stand.root().resolve("runners-config/flink/target/millrace-flink.jar");
    return Stream.of(
            millrace, jar(NativeJob.class), jar(KafkaSource.class), jar(SourceReaderBase.class))
        .map(Path::toString)
        .toArray(String[]::new);
  }

  private static Path jar(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Override
  public Optional<FlinkJob> job() {
    return Optional.of(running);
  }

  @Override
  public void check() throws IOException {
    String state = running.state();
    if (!state.equals("RUNNING")) {
      throw new IOException(
          "found job %s, expected it to run: %s".formatted(state, running.failure()));
    }
  }

  @Override
  public void close() {
    worker.close();
    cluster.close();
  }
}
