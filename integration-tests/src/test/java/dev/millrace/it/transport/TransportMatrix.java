package dev.millrace.it.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.pipelines.services.KinesisLocal;
import dev.millrace.pipelines.services.PubsubEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code integration-tests/matrix}. */
@Command(
    name = "matrix",
    mixinStandardHelpOptions = true,
    description = {
      "Runs one pipeline over one recording on every transport and every runner, each by",
      "./millrace run and real servers, and compares what they decided with what Kafka and Flink",
      "did: every decision, feature by feature, and every dead letter. Exit code 1 when one differs."
    },
    footer = {"", "Example: integration-tests/matrix --json=matrix.json"})
final class TransportMatrix implements Callable<Integer> {

  /** Opens servers in a folder. */
  private interface Opening {
    Stand in(Path folder) throws Exception;
  }

  /** A transport: its servers, or why this machine has none. */
  private record Transport(
      String word, Opening opening, Optional<String> missing, List<String> runners) {}

  /**
   * What came of one cell.
   *
   * @param result equal, different or skipped
   * @param why of the latter two
   */
  record Result(String transport, String runner, String result, String why, double seconds) {}

  private static final List<String> STREAMING = List.of("flink", "direct");
  private static final List<String> ALL = List.of("flink", "direct", "spark");

  @Option(
      names = "--events",
      defaultValue = "5000",
      paramLabel = "N",
      description = {
        "How many records are in the recording, " + Recording.LEAST + " or more, by default",
        "${DEFAULT-VALUE}."
      })
  private int events;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of the recording, by default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write the cells, as one JSON object.")
  private @Nullable Path json;

  @Option(
      names = "--transports",
      split = ",",
      paramLabel = "WORD",
      description = "Only these; Kafka on Flink is always run, for the others to be compared with.")
  private List<String> only = List.of();

  private @Nullable Outcome reference;

  TransportMatrix() {}

  /** The runs of one recording. */
  static TransportMatrix of(int events, long seed) {
    TransportMatrix matrix = new TransportMatrix();
    matrix.events = events;
    matrix.seed = seed;
    return matrix;
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TransportMatrix()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (events < Recording.LEAST) {
      System.err.printf(
          "matrix: found --events=%d, expected %d or more%n", events, Recording.LEAST);
      return 2;
    }
    List<Result> cells = cells();
    System.out.printf("%n%-12s %-8s %-10s %8s  %s%n", "transport", "runner", "result", "s", "why");
    cells.forEach(
        cell ->
            System.out.printf(
                "%-12s %-8s %-10s %8.0f  %s%n",
                cell.transport(), cell.runner(), cell.result(), cell.seconds(), cell.why()));
    if (json != null) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("events", events);
      all.put("seed", seed);
      all.put("cells", cells);
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toAbsolutePath().toFile(), all);
    }
    return cells.stream().anyMatch(cell -> cell.result().equals("different")) ? 1 : 0;
  }

  /** Runs every cell, one after the other. */
  List<Result> cells() throws IOException {
    Recording recording = Recording.of(events, seed);
    List<Result> cells = new ArrayList<>();
    for (Transport transport : transports()) {
      boolean wanted = only.isEmpty() || only.contains(transport.word());
      for (String runner : transport.runners()) {
        if (wanted || cells.isEmpty()) {
          Result cell = cell(transport, runner, recording);
          System.out.printf(
              "%s on %s: %s %s%n", transport.word(), runner, cell.result(), cell.why());
          cells.add(cell);
        }
      }
    }
    return cells;
  }

  private static List<Transport> transports() throws IOException {
    Optional<String> noEmulator =
        PubsubEmulator.jar().isPresent()
            ? Optional.empty()
            : Optional.of("this machine has no google-cloud-cli-pubsub-emulator");
    Optional<String> noKinesis =
        KinesisLocal.home().isPresent()
            ? Optional.empty()
            : Optional.of("integration-tests/install-servers did not install kinesis-local here");
    return List.of(
        new Transport("kafka", KafkaStand::kafka, Optional.empty(), STREAMING),
        new Transport("eventHubs", KafkaStand::eventHubs, Optional.empty(), STREAMING),
        new Transport("pubsub", PubsubStand::new, noEmulator, STREAMING),
        new Transport("kinesis", KinesisStand::new, noKinesis, STREAMING),
        new Transport("files", FilesStand::new, Optional.empty(), ALL));
  }

  private Result cell(Transport transport, String runner, Recording recording) throws IOException {
    if (transport.missing().isPresent()) {
      return new Result(transport.word(), runner, "skipped", transport.missing().get(), 0);
    }
    long start = System.nanoTime();
    Path folder = Files.createTempDirectory("millrace-matrix");
    String wrong;
    try (Stand stand = transport.opening().in(folder)) {
      Outcome outcome = new Cell(root(), folder, runner).run(stand, recording);
      wrong = judge(outcome, recording);
    } catch (Exception e) {
      wrong = String.valueOf(e.getMessage());
    } finally {
      delete(folder);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(
        transport.word(),
        runner,
        wrong == null ? "equal" : "different",
        wrong == null ? "" : wrong,
        seconds);
  }

  /** The first outcome is what the others are compared with. */
  private @Nullable String judge(Outcome outcome, Recording recording) {
    if (outcome.decisions() != recording.decisions()
        || outcome.letters() != recording.deadLetters()) {
      return "found %d decisions and %d dead letters, expected %d and %d"
          .formatted(
              outcome.decisions(),
              outcome.letters(),
              recording.decisions(),
              recording.deadLetters());
    }
    if (reference == null) {
      reference = outcome;
    }
    return outcome.differenceTo(reference);
  }

  private static Path root() {
    return Path.of(System.getProperty("millrace.root"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
