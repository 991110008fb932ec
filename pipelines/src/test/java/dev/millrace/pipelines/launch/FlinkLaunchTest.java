package dev.millrace.pipelines.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkLaunchTest {

  private static final Path CONFIG =
      Path.of(System.getProperty("millrace.root"), "runners-config", "flink");
  private static final Map<String, String> NOTHING = Map.of();

  @TempDir private Path folder;
  private HttpServer cluster;
  private String version = "1.19.3";

  @BeforeEach
  void startCluster() throws IOException {
    cluster = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cluster.createContext(
        "/config", http -> answer(http, "{\"flink-version\":\"" + version + "\"}"));
    cluster.createContext(
        "/jobmanager/config",
        http -> answer(http, "[{\"key\":\"state.checkpoints.dir\",\"value\":\"file:/c\"}]"));
    cluster.start();
  }

  private static void answer(com.sun.net.httpserver.HttpExchange http, String json)
      throws IOException {
    byte[] body = json.getBytes(UTF_8);
    http.sendResponseHeaders(200, body.length);
    http.getResponseBody().write(body);
    http.close();
  }

  @AfterEach
  void stopCluster() {
    cluster.stop(0);
  }

  private String master() {
    return "127.0.0.1:" + cluster.getAddress().getPort();
  }

  private static FlinkLaunch launch(
      Map<String, String> options, Map<String, String> flink, @Nullable Path environment) {
    return FlinkLaunch.of(CONFIG, "latency", options, flink, environment);
  }

  @Test
  void the_command_line_stands_above_the_profile() {
    FlinkLaunch launch =
        launch(
            Map.of("maxBundleTimeMills", "7", "parallelism", "2"),
            Map.of("execution.buffer-timeout.interval", "3 ms"),
            null);
    assertThat(launch.arguments())
        .contains("--maxBundleTimeMills=7", "--parallelism=2", "--maxBundleSize=1000")
        .doesNotContain("--maxBundleTimeMills=50");
    assertThat(launch.settings().jobValues())
        .containsEntry("execution.buffer-timeout.interval", "3 ms");
    assertThat(launch.explanation())
        .anyMatch(line -> line.matches(" +--maxBundleTimeMills=7 +command line"))
        .anyMatch(line -> line.matches(" +--maxBundleSize=1000 +profile latency"))
        .anyMatch(line -> line.matches(" +-Dtaskmanager.numberOfTaskSlots=4 +embedded.yaml"));
  }

  @Test
  void a_folder_of_configuration_by_hand_stands_above_the_profile() throws IOException {
    Files.writeString(folder.resolve("config.yaml"), "execution.buffer-timeout.interval: 9 ms");
    FlinkLaunch launch = launch(Map.of("flinkConfDir", folder.toString()), NOTHING, null);
    assertThat(launch.settings().jobValues())
        .containsEntry("execution.buffer-timeout.interval", "9 ms");
    assertThat(launch.arguments()).noneMatch(option -> option.startsWith("--flinkConfDir"));
  }

  @Test
  void a_profile_that_is_not_there() {
    assertThatThrownBy(() -> FlinkLaunch.of(CONFIG, "fast", NOTHING, NOTHING, null))
        .hasMessage("--profile: found 'fast', expected one of exactly-once, latency, throughput");
  }

  @Test
  void a_cluster_is_asked_for_its_settings_and_keeps_them() {
    FlinkLaunch launch = launch(Map.of("flinkMaster", master()), NOTHING, null);
    assertThat(launch.target()).isEqualTo(LaunchTarget.CLUSTER);
    FlinkLaunch asked = launch.askingTheCluster();
    assertThat(asked.settings().flink("state.checkpoints.dir")).isEqualTo("file:/c");
    // What is the cluster's own is not sent along with the job.
    assertThat(asked.settings().jobValues())
        .containsOnlyKeys(
            "execution.buffer-timeout.interval",
            "execution.checkpointing.tolerable-failed-checkpoints");
  }

  @Test
  void a_cluster_of_another_version_is_refused() {
    version = "1.20.1";
    FlinkLaunch launch = launch(Map.of("flinkMaster", "http://" + master()), NOTHING, null);
    assertThatThrownBy(launch::askingTheCluster)
        .isInstanceOf(LaunchRefused.class)
        .hasMessageContaining("found Flink 1.20.1 at")
        .hasMessageContaining("expected 1.19.x");
  }

  @Test
  void a_cluster_that_does_not_answer_is_refused() {
    FlinkLaunch launch = launch(Map.of("flinkMaster", master()), NOTHING, null);
    cluster.stop(0);
    assertThatThrownBy(launch::askingTheCluster)
        .isInstanceOf(LaunchRefused.class)
        .hasMessageContaining("found no cluster at " + master())
        .hasMessageContaining("millrace cluster start");
  }

  @Test
  void a_cluster_that_starts_the_launcher_itself_has_its_settings_in_a_file() throws IOException {
    Files.writeString(folder.resolve("config.yaml"), "state.checkpoints.dir: file:/mine");
    FlinkLaunch launch = launch(NOTHING, NOTHING, folder);
    assertThat(launch.target()).isEqualTo(LaunchTarget.CLUSTER);
    assertThat(launch.askingTheCluster().settings().flink("state.checkpoints.dir"))
        .isEqualTo("file:/mine");
  }

  @Test
  void without_a_cluster_there_is_nobody_to_ask() {
    FlinkLaunch launch = launch(NOTHING, NOTHING, null);
    assertThat(launch.target()).isEqualTo(LaunchTarget.EMBEDDED);
    assertThat(launch.askingTheCluster()).isEqualTo(launch);
  }
}
