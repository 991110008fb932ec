package dev.millrace.pipelines.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.schema.CompatibilityMode;
import dev.millrace.pipelines.schema.Report;
import dev.millrace.pipelines.schema.SchemaCheck;
import dev.millrace.pipelines.schema.SchemaTarget;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace schema check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Says what would become of a pipeline if its records were written with another schema.",
      "The candidate is held to the contract, to the versions in the spec's registry, and to what"
          + " the pipeline does with each field.",
      "Exit code 0 when it is compatible, 1 when not or when the registry does not answer."
    },
    footer = {
      "",
      "Example: millrace schema check pipelines/card-fraud/card-fraud.yaml"
          + " --candidate transaction-v2.avsc --mode=FULL"
    })
final class SchemaCheckCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private SubjectArguments stream;
  @Spec private CommandSpec command;

  @Option(
      names = "--candidate",
      required = true,
      paramLabel = "FILE",
      converter = SchemaFileConverter.class,
      description = "The schema that producers are to use: .avsc, .proto or .json.")
  private SchemaText candidate;

  @Option(
      names = "--mode",
      description =
          "How it must get on with earlier versions: ${COMPLETION-CANDIDATES}. As the registry"
              + " says by default.")
  private @Nullable CompatibilityMode mode;

  @Option(names = "--strict", description = "Warnings stand against it too.")
  private boolean strict;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes what was found as one JSON object.")
  private @Nullable Path json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SchemaCheckCommand() {}

  @Override
  public Integer call() throws IOException {
    PipelineSpec pipeline = spec.read();
    SchemaTarget target = stream.target(pipeline);
    Report report = versions(check(pipeline, target), target).report();
    report.lines(strict).forEach(command.commandLine().getOut()::println);
    if (json != null) {
      write(report, json);
    }
    return report.compatible(strict) && report.complete() ? 0 : 1;
  }

  private SchemaCheck check(PipelineSpec pipeline, SchemaTarget target) {
    PipelinePlan plan = PipelinePlan.of(pipeline);
    try {
      return SchemaCheck.of(plan, target, candidate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private SchemaCheck versions(SchemaCheck check, SchemaTarget target) {
    Optional<ConfluentRegistry> registry = target.registry();
    Optional<String> subject = stream.subject(target);
    if (registry.isEmpty()) {
      return check.withoutVersions("the spec names no registry that has subjects");
    }
    return subject.isEmpty()
        ? check.withoutVersions("the stream has no topic to name a subject, so set --subject")
        : check.against(registry.get(), subject.get(), mode);
  }

  private void write(Report report, Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("compatible", report.compatible(strict) && report.complete());
    all.put("heldTo", report.heldTo());
    all.put("notChecked", report.notChecked());
    all.put("findings", report.findings());
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
  }
}
