package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a command line overrides in a specification. */
final class SpecOverrides {

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Overrides a value, as in --set events.from.kafka.topic=card.test. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  SpecOverrides() {}

  /** Reads a specification with its overrides; {@code more} come last, and so win. */
  PipelineSpec read(Path file, String... more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(List.of(more));
    return read(all, file);
  }

  /** Reads a specification with its overrides; {@code first} come first, and so give way. */
  PipelineSpec readAfter(List<String> first, Path file) {
    List<String> all = new ArrayList<>(first);
    all.addAll(overrides);
    return read(all, file);
  }

  private static PipelineSpec read(List<String> all, Path file) {
    return PipelineSpecReader.read(file, Overrides.parse(all), System::getenv);
  }
}
