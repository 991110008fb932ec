package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.PipelinePlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace validate}. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a spec against its contracts and its model, without connecting to anything.",
      "Exit code 0 when it could be launched, 2 when not."
    },
    footer = {"", "Example: millrace validate pipelines/card-fraud/card-fraud.yaml"})
final class ValidateCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ValidateCommand() {}

  @Override
  public Integer call() {
    PipelinePlan plan = PipelinePlan.of(spec.read());
    command
        .commandLine()
        .getOut()
        .printf(
            "%s is valid: %d fields, %d features and computed columns, model %s, feature version %s%n",
            plan.spec().pipeline(),
            plan.events().layout().columns().size(),
            plan.features().size(),
            plan.model() == null ? "none" : plan.model().version(),
            plan.featureVersion());
    return 0;
  }
}
