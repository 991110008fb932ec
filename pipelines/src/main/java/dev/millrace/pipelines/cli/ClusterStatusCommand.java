package dev.millrace.pipelines.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipelines.services.FlinkRest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace cluster status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "What of the cluster lives, and its jobs. Exit code 1 when none of it lives.",
    footer = {"", "Example: millrace cluster status"})
final class ClusterStatusCommand implements Callable<Integer> {

  @Mixin private ClusterFolder folder;
  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ClusterStatusCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    int living = folder.living().size();
    if (living == 0) {
      out.printf("no cluster runs from %s%n", folder.path());
      return 1;
    }
    FlinkRest rest = FlinkRest.of(folder.address().orElseThrow());
    JsonNode overview = rest.get("/overview");
    out.printf(
        "Flink %s at %s: %d processes, %d TaskManagers, %d of %d slots free%n",
        overview.path("flink-version").asText(),
        rest.url(),
        living,
        overview.path("taskmanagers").asInt(),
        overview.path("slots-available").asInt(),
        overview.path("slots-total").asInt());
    for (JsonNode job : rest.get("/jobs/overview").path("jobs")) {
      out.printf(
          "  %-10s %s  %s%n",
          job.path("state").asText(), job.path("jid").asText(), job.path("name").asText());
    }
    return 0;
  }
}
