package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.schema.SchemaTarget;
import dev.millrace.pipelines.schema.SchemaTarget.Stream;
import dev.millrace.pipelines.spec.PipelineSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which stream's schema a command works on, and what the registry calls it. */
final class SubjectArguments {

  @Option(
      names = "--of",
      paramLabel = "STREAM",
      description = "events or labels: the stream that the schema is for. Events by default.")
  private Stream stream = Stream.EVENTS;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "The subject in the registry. The stream's topic and '-value' by default.")
  private @Nullable String subject;

  SubjectArguments() {}

  SchemaTarget target(PipelineSpec spec) {
    return SchemaTarget.of(spec, stream);
  }

  Optional<String> subject(SchemaTarget target) {
    return subject == null ? target.subject() : Optional.of(subject);
  }
}
