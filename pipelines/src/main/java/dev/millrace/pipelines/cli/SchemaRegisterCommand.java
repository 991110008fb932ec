package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.schema.SchemaTarget;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace schema register}. */
@Command(
    name = "register",
    mixinStandardHelpOptions = true,
    description = {
      "Registers a schema as the next version of a stream's subject; one that is there already"
          + " keeps its version.",
      "Exit code 1 when the registry refuses it."
    },
    footer = {
      "",
      "Example: millrace schema register pipelines/card-fraud/card-fraud.yaml"
          + " --schema transaction-v2.avsc --dry-run"
    })
final class SchemaRegisterCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private SubjectArguments stream;
  @Spec private CommandSpec command;

  @Option(
      names = "--schema",
      required = true,
      paramLabel = "FILE",
      converter = SchemaFileConverter.class,
      description = "The schema, which refers to no other: .avsc, .proto or .json.")
  private SchemaText schema;

  @Option(names = "--dry-run", description = "Only asks whether the registry would take it.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SchemaRegisterCommand() {}

  @Override
  public Integer call() {
    SchemaTarget target = stream.target(spec.read());
    ConfluentRegistry registry =
        target
            .registry()
            .orElseThrow(
                () ->
                    new SpecException(
                        target.spec().place(section(target) + ".format"),
                        "found no registry that has subjects, expected one to register at"));
    String subject =
        stream
            .subject(target)
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "found a stream without a topic to name a subject, expected --subject"));
    try {
      if (dryRun) {
        ask(registry, subject);
      } else {
        register(registry, subject);
      }
      return 0;
    } catch (SchemaSourceUnavailableException | IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private static String section(SchemaTarget target) {
    return target.stream().name().toLowerCase(Locale.ROOT);
  }

  private void register(ConfluentRegistry registry, String subject) {
    int id = registry.register(subject, schema);
    String version = registry.versionOf(subject, schema).map(String::valueOf).orElse("unknown");
    out().printf("subject %s, version %s, id %d%n", subject, version, id);
  }

  private void ask(ConfluentRegistry registry, String subject) {
    Optional<Integer> version = registry.versionOf(subject, schema);
    if (version.isPresent()) {
      out().printf("subject %s, version %d already%n", subject, version.get());
      return;
    }
    List<String> objections = registry.objections(subject, schema);
    if (!objections.isEmpty()) {
      throw new CommandFailure(
          "subject '%s' of %s: found a schema that it would refuse (%s), expected a compatible one"
              .formatted(subject, registry, String.join("; ", objections)));
    }
    out().printf("subject %s, would be taken as a new version%n", subject);
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }
}
