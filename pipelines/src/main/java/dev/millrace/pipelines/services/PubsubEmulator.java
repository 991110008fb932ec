package dev.millrace.pipelines.services;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Google's emulator of Pub/Sub, where a machine has it: the jar that the environment variable
 * {@code MILLRACE_PUBSUB_EMULATOR} names, or else that of Debian's package {@code
 * google-cloud-cli-pubsub-emulator}. It keeps what it holds in memory, so that a restart loses it.
 *
 * <p>The work folder receives {@code pubsub.log}.
 */
public final class PubsubEmulator extends ServerProcess {

  private static final Path PACKAGED =
      Path.of("/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib");
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final Path jar;
  private final int port;

  private PubsubEmulator(Path workFolder, Path jar, int port) {
    super("the Pub/Sub emulator", workFolder.resolve("pubsub.log"));
    this.jar = jar;
    this.port = port;
  }

  /** Its jar, where this machine has one. */
  public static Optional<Path> jar() throws IOException {
    String given = System.getenv("MILLRACE_PUBSUB_EMULATOR");
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    if (!Files.isDirectory(PACKAGED)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(PACKAGED)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().findFirst();
    }
  }

  /**
   * Starts it and returns when it answers.
   *
   * @throws IOException when this machine has none, or it does not start
   */
  public static PubsubEmulator start(Path workFolder) throws IOException {
    Path jar =
        jar()
            .orElseThrow(
                () ->
                    new IOException(
                        "found no emulator of Pub/Sub in %s, expected its jar there or named by MILLRACE_PUBSUB_EMULATOR"
                            .formatted(PACKAGED)));
    Path folder = Files.createDirectories(workFolder).toAbsolutePath();
    return launched(port -> new PubsubEmulator(folder, jar, port));
  }

  /** Where it is reached, as {@code --pubsubRootUrl} wants it. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  List<String> arguments() {
    return List.of(
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-jar",
        jar.toString(),
        "--host=127.0.0.1",
        "--port=" + port);
  }

  @Override
  boolean answers() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url())).timeout(ANSWER).build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  @Override
  String condition() {
    return "GET " + url() + " answers 200";
  }
}
