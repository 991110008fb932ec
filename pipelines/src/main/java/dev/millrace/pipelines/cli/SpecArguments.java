package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The specification that a command works on, and what it overrides in it. */
final class SpecArguments {

  @Parameters(paramLabel = "SPEC", description = "The pipeline's YAML file.")
  private Path file;

  @Mixin private SpecOverrides overrides;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SpecArguments() {}

  PipelineSpec read() {
    return overrides.read(file);
  }

  /** Reads it with {@code first} overridden too, unless the command line overrides the same. */
  PipelineSpec readAfter(List<String> first) {
    return overrides.readAfter(first, file);
  }
}
