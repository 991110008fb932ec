package dev.millrace.pipelines.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  @TempDir private Path folder;

  @Test
  void a_server_that_ends_at_once_quotes_its_log() throws IOException {
    Path registry = folder.resolve("runners-config/services/target/registry");
    Files.createDirectories(registry);
    Files.writeString(registry.resolve("broken-runner.jar"), "not a jar");

    assertThatThrownBy(() -> RegistryServer.start(new ServicesHome(folder), folder.resolve("work")))
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
  void a_picked_port_lies_below_those_of_outgoing_connections() throws IOException {
    assertThat(FreePort.pick()).isBetween(20_000, 31_999);
  }
}
