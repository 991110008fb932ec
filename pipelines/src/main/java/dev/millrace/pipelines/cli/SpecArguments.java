package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The specification that a command works on, and what it overrides in it. */
final class SpecArguments {

  @Parameters(paramLabel = "SPEC", description = "The pipeline's YAML file.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Overrides a value, as in --set events.from.kafka.topic=card.test. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets file
  SpecArguments() {}

  PipelineSpec read() {
    return PipelineSpecReader.read(file, Overrides.parse(overrides), System::getenv);
  }
}
