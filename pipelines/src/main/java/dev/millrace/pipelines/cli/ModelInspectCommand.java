package dev.millrace.pipelines.cli;

import dev.millrace.models.Checksums;
import dev.millrace.models.Model;
import dev.millrace.models.ModelCard;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.VersionDirectory;
import dev.millrace.models.tensorflow.SavedModel;
import dev.millrace.models.tensorflow.Signature;
import dev.millrace.models.tensorflow.Signatures;
import dev.millrace.models.tensorflow.TensorSpec;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace model inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what a SavedModel offers and what its card says of it.",
      "Checks that its files are those of the card, and that it scores the card's rows as it did.",
      "Exit code 1 when not. A model made elsewhere, without a card, is shown all the same."
    },
    footer = {"", "Example: millrace model inspect models/card-fraud"})
final class ModelInspectCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "DIR",
      description = "A model's folder, of which the newest version is shown, or a version's.")
  private Path model;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ModelInspectCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    Path folder = VersionDirectory.resolve(model);
    out.printf("model      %s%n", ModelVersion.at(folder));
    out.printf("folder     %s%n", folder);
    Signatures.read(folder).forEach(signature -> print(signature, out));
    ModelCard.read(folder)
        .ifPresentOrElse(
            card -> {
              print(card, out);
              out.flush();
              verify(card, folder, out);
            },
            () ->
                out.printf(
                    "files      %d, not verified: there is no %s, as for most models made elsewhere%n",
                    Checksums.of(folder).size(), ModelCard.FILE));
    out.flush();
    return 0;
  }

  private static void print(Signature signature, PrintWriter out) {
    out.printf("signature  %s%n", signature.name());
    print("input", signature.inputs(), out);
    print("output", signature.outputs(), out);
  }

  private static void print(String role, List<TensorSpec> tensors, PrintWriter out) {
    tensors.forEach(tensor -> out.printf("  %-8s %s%n", role, tensor));
  }

  private static void print(ModelCard card, PrintWriter out) {
    out.printf("data       %s%n", card.data());
    out.printf("made by    %s%n", card.createdBy());
    out.printf("seed       %d%n", card.seed());
    out.printf("a row      %s%n", String.join(", ", card.inputs()));
    card.metrics()
        .forEach((name, value) -> out.printf("metric     %-24s %s%n", name, number(value)));
  }

  private static void verify(ModelCard card, Path folder, PrintWriter out) {
    card.verifyFiles(folder);
    out.printf("files      %d, each as its checksum says%n", card.files().size());
    if (!card.golden().isEmpty()) {
      // Whoever loads a model with a card has its golden rows scored.
      try (Model<float[], float[]> loaded = SavedModel.at(folder).dense().load()) {
        out.printf("scores     %d rows scored as the card says%n", card.golden().size());
      }
    }
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4f", value);
  }
}
