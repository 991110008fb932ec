package dev.millrace.it.services;

import dev.millrace.pipelines.services.FreePort;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that only tests need, as a process of their own. */
public abstract class OwnServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Path log;
  protected final int port;
  private @Nullable Process process;

  protected OwnServer(String name, Path folder) throws IOException {
    this.name = name;
    this.log = folder.resolve(name + ".log");
    this.port = FreePort.pick();
  }

  /** What starts it; the process may become it, but not fork it. */
  protected abstract List<String> command() throws IOException;

  /** By which it ends as soon as it has put its data away. */
  protected abstract String signal();

  /** Returns when it answers; throws when it does not yet. */
  protected abstract void ask() throws Exception;

  /** Starts it on its port, with the data that it has, and waits until it answers. */
  public final void start() throws Exception {
    Process started =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    process = started;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        ask();
        return;
      } catch (Exception e) {
        if (System.nanoTime() > deadline || started.waitFor(50, TimeUnit.MILLISECONDS)) {
          close();
          throw new IOException("%s does not start: %s".formatted(name, Files.readString(log)), e);
        }
      }
    }
  }

  /** Ends it, and keeps its data. */
  public final void stop() throws IOException, InterruptedException {
    Process running = Objects.requireNonNull(process);
    new ProcessBuilder("kill", "-" + signal(), Long.toString(running.pid())).start().waitFor();
    if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException(name + " does not end");
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
