package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.schema.SchemaDiff;
import dev.millrace.pipelines.schema.SchemaDiff.Change;
import dev.millrace.pipelines.schema.SchemaField;
import dev.millrace.pipelines.schema.SchemaFile;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.UnusableSchemaException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace schema diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "Shows what changed between two schemas, field by field, in any language.",
    footer = {
      "",
      "Example: millrace schema diff card.transactions-value:1 transaction-v2.avsc"
          + " --registry=http://127.0.0.1:8081"
    })
final class SchemaDiffCommand implements Callable<Integer> {

  private static final Pattern VERSION = Pattern.compile("(.+):(\\d{1,9})");

  @Spec private CommandSpec command;

  @Parameters(index = "0", paramLabel = "OLD", description = "A file, or SUBJECT:VERSION.")
  private String before;

  @Parameters(index = "1", paramLabel = "NEW", description = "A file, or SUBJECT:VERSION.")
  private String after;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Where the versions are, up to before /subjects.")
  private @Nullable String registry;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SchemaDiffCommand() {}

  @Override
  public Integer call() {
    List<Change> changes = SchemaDiff.between(fields(before), fields(after));
    int width = changes.stream().mapToInt(change -> change.path().length()).max().orElse(0);
    String row = "%-8s  %-" + Math.max(1, width) + "s  %s%n";
    for (Change change : changes) {
      String kind = change.kind().name().toLowerCase(Locale.ROOT);
      command.commandLine().getOut().printf(row, kind, change.path(), change.detail());
    }
    command
        .commandLine()
        .getOut()
        .printf("%d change%s%n", changes.size(), changes.size() == 1 ? "" : "s");
    return 0;
  }

  private List<SchemaField> fields(String argument) {
    try {
      Matcher version = VERSION.matcher(argument);
      return version.matches()
          ? SchemaField.of(registered(version.group(1), Integer.parseInt(version.group(2))), null)
          : SchemaField.of(SchemaFile.read(Path.of(argument)), null);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "%s: %s".formatted(argument, e.getMessage()), e);
    }
  }

  private SchemaText registered(String subject, int version) {
    if (registry == null) {
      throw new IllegalArgumentException(
          "found a version without a registry, expected --registry=URL");
    }
    ConfluentRegistry source = ConfluentRegistry.at(registry);
    try {
      return source
          .version(subject, version)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "found no such version at %s, expected one of %s"
                          .formatted(source, source.versions(subject))));
    } catch (SchemaSourceUnavailableException | UnusableSchemaException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }
}
