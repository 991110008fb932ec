package dev.millrace.pipelines.services;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A schema registry (Apicurio) that speaks Confluent's API, for the demo and the tests.
 *
 * <p>The work folder receives {@code registry-data} and {@code registry.log}. Schemas and their ids
 * are on disk before a registration is answered, so they survive {@link #kill} and {@link
 * #restart}; a registry started in the folder of an earlier one continues its data. The global
 * compatibility is BACKWARD: a new version of a schema must read what the last one wrote, or its
 * registration is answered with 409.
 *
 * <pre>{@code
 * try (RegistryServer registry = RegistryServer.start(workFolder)) {
 *   run(registry.url());
 * }
 * }</pre>
 */
public final class RegistryServer extends ServerProcess {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final Path jar;
  private final Path data;
  private final int port;

  private RegistryServer(Path workFolder, Path jar, int port) {
    super("the schema registry", workFolder.resolve("registry.log"));
    this.jar = jar;
    this.data = workFolder.resolve("registry-data");
    this.port = port;
  }

  /** Starts a registry from {@link ServicesHome#ofThisProject} and returns when it answers. */
  public static RegistryServer start(Path workFolder) throws IOException {
    return start(ServicesHome.ofThisProject(), workFolder);
  }

  /** Starts a registry from the given place and returns when it answers. */
  public static RegistryServer start(ServicesHome home, Path workFolder) throws IOException {
    Path jar = home.registryJar();
    Path folder = Files.createDirectories(workFolder).toAbsolutePath();
    return launched(port -> new RegistryServer(folder, jar, port));
  }

  /** The base address of Confluent's API, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  @Override
  List<String> arguments() {
    List<String> all = new ArrayList<>(SMALL_AND_QUICK);
    // A file instead of memory, written through at each commit, so that a restart keeps the ids.
    all.add("-Dquarkus.datasource.jdbc.url=jdbc:h2:file:" + data + ";WRITE_DELAY=0");
    all.add("-Dquarkus.datasource.jdbc.initial-size=2");
    all.add("-Dquarkus.datasource.jdbc.min-size=2");
    all.add("-Dquarkus.datasource.jdbc.max-size=20");
    all.add("-Dquarkus.http.host=127.0.0.1");
    all.add("-Dquarkus.http.port=" + port);
    all.addAll(List.of("-jar", jar.toString()));
    return all;
  }

  /** It is up when it accepts its compatibility rule, whose default is to accept any change. */
  @Override
  boolean answers() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/config"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .timeout(ANSWER)
            .PUT(BodyPublishers.ofString("{\"compatibility\": \"BACKWARD\"}"))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          request.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return true;
  }

  @Override
  String condition() {
    return "PUT " + url() + "/config answers 200";
  }
}
