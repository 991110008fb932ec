package dev.millrace.pipelines.services;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server that does what Kinesis does, {@code kinesis-local} of npm, where a machine has it and
 * Node.js: the folder that the environment variable {@code MILLRACE_KINESIS_LOCAL} names, or where
 * {@code integration-tests/install-servers} puts it. It keeps what it holds in memory, takes every
 * login for a good one, and has no limits of throughput.
 *
 * <p>The work folder receives {@code kinesis.log}.
 */
public final class KinesisLocal extends ServerProcess {

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final String MAIN = "main.js";

  /** It would listen to the network: it is made to listen to this machine. */
  private static final String LOOPBACK_ONLY =
      """
      const { Server } = require('net');
      const listen = Server.prototype.listen;
      Server.prototype.listen = function (port, ...more) {
        return listen.call(this, port, '127.0.0.1', ...more);
      };
      """;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final Path home;
  private final Path loopbackOnly;
  private final int port;
  private final int tlsPort;

  private KinesisLocal(Path workFolder, Path home, int port) throws IOException {
    super("kinesis-local", workFolder.resolve("kinesis.log"));
    this.home = home;
    this.loopbackOnly = Files.writeString(workFolder.resolve("loopback-only.js"), LOOPBACK_ONLY);
    this.port = port;
    this.tlsPort = FreePort.pick();
  }

  /** Its folder, where this machine has it and can run it. */
  public static Optional<Path> home() {
    String given = System.getenv("MILLRACE_KINESIS_LOCAL");
    Path folder =
        given != null
            ? Path.of(given)
            : cache().resolve("millrace/servers/node_modules/kinesis-local");
    return Optional.of(folder)
        .filter(it -> Files.isRegularFile(it.resolve(MAIN)) && node().isPresent());
  }

  private static Path cache() {
    String given = System.getenv("XDG_CACHE_HOME");
    return given != null ? Path.of(given) : Path.of(System.getProperty("user.home"), ".cache");
  }

  private static Optional<Path> node() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "node"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it and returns when it answers.
   *
   * @throws IOException when this machine has none, or it does not start
   */
  public static KinesisLocal start(Path workFolder) throws IOException {
    Path home =
        home()
            .orElseThrow(
                () ->
                    new IOException(
                        "found no kinesis-local or no node, expected what integration-tests/install-servers installs, or its folder in MILLRACE_KINESIS_LOCAL"));
    Path folder = Files.createDirectories(workFolder).toAbsolutePath();
    return launched(port -> new KinesisLocal(folder, home, port));
  }

  /** Where it is reached, as {@code endpoint:} wants it. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  String program() {
    return node().orElseThrow().toString();
  }

  @Override
  Map<String, String> environment() {
    return Map.of(
        "KINESIS_MOCK_PLAIN_PORT", Integer.toString(port),
        "KINESIS_MOCK_TLS_PORT", Integer.toString(tlsPort),
        "KINESIS_MOCK_CERT_PATH", home.resolve("server.json").toString(),
        "LOG_LEVEL", "WARN");
  }

  @Override
  List<String> arguments() {
    return List.of("--require", loopbackOnly.toString(), home.resolve(MAIN).toString());
  }

  @Override
  boolean answers() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/healthcheck")).timeout(ANSWER).build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  @Override
  String condition() {
    return "GET " + url() + "/healthcheck answers 200";
  }
}
