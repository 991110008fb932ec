package dev.millrace.benchmark.cards;

import dev.millrace.benchmark.handwritten.PlainLoop;
import dev.millrace.pipelines.services.FlinkJob;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The loop, in a JVM with the heap of a TaskManager. */
record PlainContestant(Process process, Path log, Worker worker) implements Contestant.Running {

  /** What a TaskManager's framework has besides its tasks. */
  private static final int FRAMEWORK_MB = 128;

  static PlainContestant start(Stand stand, Setting setting, String input, String output)
      throws IOException {
    Path folder = Files.createTempDirectory(stand.folder(), "plain");
    Path work = folder.resolve("work");
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(work))) {
      out.writeObject(stand.work(setting, input, output));
    }
    Path log = folder.resolve("log");
    int heap = FlinkContestant.MEMORY.heap() + FRAMEWORK_MB;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Stand.root().resolve("runners-config/jvm.options"),
                "-Xms" + heap + "m",
                "-Xmx" + heap + "m",
                "-cp",
                System.getProperty("java.class.path"),
                PlainLoop.class.getName(),
                work.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-loop"));
    // A JVM that is still starting cannot be looked at.
    while (process.isAlive() && !Files.readString(log).contains(PlainLoop.STARTED)) {
      Drain.pause();
    }
    return new PlainContestant(process, log, Worker.of(process.pid()));
  }

  @Override
  public Optional<FlinkJob> job() {
    return Optional.empty();
  }

  @Override
  public void check() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(
          "found the loop ended with code %d, expected it to run: %s"
              .formatted(process.exitValue(), Files.readString(log)));
    }
  }

  @Override
  public void close() {
    worker.close();
    process.destroyForcibly().onExit().join();
  }
}
