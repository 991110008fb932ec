package dev.millrace.pipelines.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  @TempDir private Path folder;

  /** A registry whose jar is none: Java says so, with its name, and ends. */
  private AbstractThrowableAssert<?, ? extends Throwable> startingRegistryOf(String jar)
      throws IOException {
    Path registry = folder.resolve("runners-config/services/target/registry");
    Files.createDirectories(registry);
    Files.writeString(registry.resolve(jar), "not a jar");
    return assertThatThrownBy(
        () -> RegistryServer.start(new ServicesHome(folder), folder.resolve("work")));
  }

  @Test
  void a_server_that_ends_at_once_quotes_its_log() throws IOException {
    startingRegistryOf("broken-runner.jar")
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the schema registry ended with code 1 while starting")
        .hasMessageContaining("registry.log")
        .hasMessageContaining("broken-runner.jar");
  }

  @Test
  void a_broker_that_cannot_be_prepared_quotes_its_log() throws IOException {
    Path target = folder.resolve("runners-config/services/target");
    Files.createDirectories(target);
    Path jar = Files.writeString(folder.resolve("broken.jar"), "not a jar");
    Files.writeString(target.resolve("kafka.classpath"), jar.toString());

    assertThatThrownBy(() -> KafkaBroker.start(new ServicesHome(folder), folder.resolve("work")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the Kafka broker could not be prepared, exit code 1")
        .hasMessageContaining("kafka.tools.StorageTool");
  }

  @Test
  void a_server_whose_port_was_taken_meanwhile_starts_on_another() throws IOException {
    List<Integer> tried = new ArrayList<>();
    int port =
        FreePort.start(
            picked -> {
              tried.add(picked);
              if (tried.size() < 3) {
                throw new PortTakenException("taken");
              }
              return picked;
            });
    assertThat(tried).hasSize(3).doesNotHaveDuplicates().endsWith(port);
  }

  @Test
  void a_server_that_finds_no_port_tells_it_from_other_ends() throws IOException {
    startingRegistryOf("Address already in use-runner.jar").isInstanceOf(PortTakenException.class);
    assertThat(Files.readAllLines(folder.resolve("work/registry.log")))
        .as("one line a start")
        .hasSize(4);
  }

  @Test
  void a_port_that_a_person_chose_is_looked_at_first() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> FlinkCluster.in(folder).start(port))
          .isInstanceOf(PortTakenException.class)
          .hasMessage(
              "found another program that listens on 127.0.0.1:%d, expected a port that is free",
              port);
    }
  }

  @Test
  void a_picked_port_lies_below_those_of_outgoing_connections() throws IOException {
    assertThat(FreePort.pick()).isBetween(20_000, 31_999);
  }
}
