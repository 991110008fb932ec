package dev.millrace.pipelines.services;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own, most of them a JVM: started, stopped, killed and restarted by
 * its own process handle.
 *
 * <p>A start returns when the process lives and the server answers; it fails with an {@link
 * IOException} that quotes the end of the server's log when the process ends first, or does not
 * answer in {@link #START_TIMEOUT}. When this JVM ends, Ctrl-C included, so do the servers it
 * started; only a SIGKILL of this JVM leaves them behind.
 */
public abstract sealed class ServerProcess implements AutoCloseable
    permits KafkaBroker,
        RegistryServer,
        PubsubEmulator,
        KinesisLocal,
        FlinkJobManager,
        FlinkTaskManager {
  static final Duration START_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LAST_STOP_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final int QUOTED_LINES = 20;

  /** What Java's servers and Node.js print when another program has their port. */
  private static final List<String> PORT_TAKEN =
      List.of("BindException", "Address already in use", "EADDRINUSE");

  /** The usual small heap, and the first compiler only: half the time to the first answer. */
  static final List<String> SMALL_AND_QUICK =
      List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

  private static final Set<Process> LIVING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ServerProcess::endAll, "end-servers"));
  }

  private final String name;
  private final Path log;
  private @Nullable Process process;

  ServerProcess(String name, Path log) {
    this.name = name;
    this.log = log;
  }

  /** What is run: Java, where it is not said otherwise. */
  String program() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Variables of its environment beside this JVM's. */
  Map<String, String> environment() {
    return Map.of();
  }

  /** What follows {@link #program} on the command line. */
  abstract List<String> arguments() throws IOException;

  /** Whether the server does its work; an exception means not yet. */
  abstract boolean answers() throws Exception;

  /** What {@link #answers} looks at, for the error message. */
  abstract String condition();

  /** Everything that the server printed, over all its starts. */
  public final Path log() {
    return log;
  }

  /** Whether the process lives. */
  public final boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** The process id of the last start. */
  public final long pid() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process.pid();
  }

  /** Asks the server to end (SIGTERM) and waits for it; kills it when it takes over 20 s. */
  public final void stop() {
    if (process != null) {
      end(process, STOP_TIMEOUT);
      LIVING.remove(process);
    }
  }

  /** Kills the server (SIGKILL) as a crash would, and waits until the process is gone. */
  public final void kill() {
    if (process != null) {
      process.destroyForcibly();
      end(process, STOP_TIMEOUT);
      LIVING.remove(process);
    }
  }

  /** Starts the server again on the same port with the same data; stops it first if it lives. */
  public final void restart() throws IOException {
    stop();
    launch();
  }

  /** Freezes the server (SIGSTOP): it lives, and neither works nor answers. */
  public final void suspend() throws IOException {
    signal("STOP");
  }

  /** Lets a frozen server go on (SIGCONT). */
  public final void resume() throws IOException {
    signal("CONT");
  }

  /** Lets the server live on when this JVM ends. */
  final void detach() {
    if (process != null) {
      LIVING.remove(process);
    }
  }

  /** The same as {@link #stop}. */
  @Override
  public final void close() {
    stop();
  }

  /** Starts a server on a port that nothing listens on. */
  static <T extends ServerProcess> T launched(FreePort.Start<T> made) throws IOException {
    return FreePort.start(
        port -> {
          T server = made.on(port);
          server.launch();
          return server;
        });
  }

  final void launch() throws IOException {
    long earlier = Files.exists(log) ? Files.size(log) : 0;
    Process started = run(arguments());
    process = started;
    LIVING.add(started);
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    Exception last = null;
    while (System.nanoTime() < deadline) {
      if (!started.isAlive()) {
        LIVING.remove(started);
        throw ended(started.exitValue(), earlier);
      }
      try {
        if (answers()) {
          return;
        }
      } catch (InterruptedException interrupted) {
        stop();
        throw interrupted();
      } catch (Exception notYet) {
        last = notYet;
      }
      pause(started);
    }
    stop();
    throw new IOException(
        name
            + " did not answer in "
            + START_TIMEOUT.toSeconds()
            + " s: "
            + condition()
            + endOfLog(),
        last);
  }

  /** Runs a program of the server's to its end; anything but exit code 0 is an error. */
  final void runToEnd(List<String> arguments) throws IOException {
    Process program = run(arguments);
    try {
      if (program.waitFor() != 0) {
        throw new IOException(
            name + " could not be prepared, exit code " + program.exitValue() + endOfLog());
      }
    } catch (InterruptedException interrupted) {
      program.destroyForcibly();
      throw interrupted();
    }
  }

  private IOException ended(int code, long earlier) throws IOException {
    String message = name + " ended with code " + code + " while starting" + endOfLog();
    byte[] all = Files.readAllBytes(log);
    int from = (int) Math.min(earlier, all.length);
    String printed = new String(all, from, all.length - from, StandardCharsets.UTF_8);
    return PORT_TAKEN.stream().anyMatch(printed::contains)
        ? new PortTakenException(message)
        : new IOException(message);
  }

  private void signal(String name) throws IOException {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new IOException("kill -%s %d ended with code %d".formatted(name, pid(), code));
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private Process run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment());
    return builder.start();
  }

  private static void pause(Process started) throws IOException {
    try {
      started.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      started.destroyForcibly();
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a server was starting");
  }

  private static void endAll() {
    LIVING.forEach(Process::destroy);
    LIVING.forEach(process -> end(process, LAST_STOP_TIMEOUT));
  }

  private static void end(Process process, Duration patience) {
    process.destroy();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String endOfLog() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      int from = Math.max(0, lines.size() - QUOTED_LINES);
      return "; the end of " + log + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException unreadable) {
      return "; its log " + log + " cannot be read: " + unreadable.getMessage();
    }
  }
}
