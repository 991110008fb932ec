package dev.millrace.it.transport;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A recording through one transport, by {@code millrace run} on one runner. */
final class Cell {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Labels of a block have no decision of their own that could be waited for. */
  private static final Duration LABELS = Duration.ofSeconds(1);

  private final Path root;
  private final Path folder;
  private final String runner;

  /**
   * @param root of the project
   * @param folder for this cell alone
   */
  Cell(Path root, Path folder, String runner) {
    this.root = root;
    this.folder = folder;
    this.runner = runner;
  }

  /**
   * Runs it.
   *
   * @throws IOException with the end of what the run said, when it ends or stands still
   */
  Outcome run(Stand stand, Recording recording) throws Exception {
    Path spec = spec(stand);
    Outcome outcome =
        new Outcome(
            PipelinePlan.of(
                PipelineSpecReader.read(spec, Overrides.parse(List.of()), System::getenv)));
    if (stand.isBounded()) {
      stand.send(recording.lines());
      Process process = launch(spec, stand);
      try {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new IOException("found a run that did not end well: " + said());
        }
      } finally {
        end(process);
      }
      stand.read(outcome);
      return outcome;
    }
    Process process = launch(spec, stand);
    try {
      int sent = 0;
      for (Recording.Block block : recording.blocks()) {
        stand.send(block.lines());
        sent += block.ends();
        await(stand, outcome, process, sent);
        Thread.sleep(LABELS.toMillis());
      }
    } finally {
      end(process);
    }
    stand.read(outcome);
    return outcome;
  }

  /** Until so many events have come to their end. */
  private void await(Stand stand, Outcome outcome, Process process, int events) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (outcome.size() < events) {
      stand.read(outcome);
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "found %d decisions and %d dead letters, expected %d together: %s"
                .formatted(outcome.decisions(), outcome.letters(), events, said()));
      }
    }
  }

  private Process launch(Path spec, Stand stand) throws IOException {
    // Built just now; ./millrace would build again what looks older than its sources.
    Files.setLastModifiedTime(
        root.resolve("runners-config/%s/target/classpath".formatted(runner)),
        FileTime.from(Instant.now()));
    List<String> command = new ArrayList<>();
    command.add(root.resolve("millrace").toString());
    command.addAll(List.of("run", spec.toString(), "--runner=" + runner));
    command.addAll(stand.options());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private Path log() {
    return folder.resolve("run.log");
  }

  private String said() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }

  /** The same for all but in its first and its last words. */
  private Path spec(Stand stand) throws IOException {
    Path origin = root.resolve("integration-tests/src/test/resources/matrix");
    Files.copy(origin.resolve("payment.json"), folder.resolve("payment.json"));
    return Files.writeString(
        folder.resolve("matrix.yaml"),
        Files.readString(origin.resolve("matrix.yaml"))
            .replace("@FROM@", stand.from())
            .replace("@TO@", stand.to())
            .replace("@LETTERS@", stand.deadLetters())
            .replace("@MODEL@", root.resolve("models/card-fraud").toString()));
  }
}
