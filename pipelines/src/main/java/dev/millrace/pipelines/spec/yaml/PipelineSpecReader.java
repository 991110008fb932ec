package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.DecideSpec;
import dev.millrace.pipelines.spec.HistorySpec;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.LookupSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.Place;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.StreamSpec;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipeline's specification from a YAML file.
 *
 * <p>Overrides come first, then the environment, then the reading, so that a variable whose value
 * is overridden need not be set. Relative paths become absolute ones. Every problem is reported as
 * {@code FILE:LINE:COLUMN: found ..., expected ...}, as many at once as do not follow from each
 * other.
 *
 * <pre>{@code
 * PipelineSpec spec =
 *     PipelineSpecReader.read(
 *         Path.of("pipelines/card-fraud/card-fraud.yaml"),
 *         Overrides.parse(List.of("infer.batchSize=64")),
 *         System::getenv);
 * }</pre>
 */
public final class PipelineSpecReader {

  private PipelineSpecReader() {}

  /**
   * Reads one file.
   *
   * @param environment the value of a variable, null when it is not set
   * @throws SpecException when the file is missing, is no YAML, or says what cannot be
   */
  public static PipelineSpec read(
      Path file, Overrides overrides, Function<String, @Nullable String> environment) {
    Tree written = YamlParser.parseFile(file.toString(), text(file));
    Tree meant = Environment.expand(overrides.apply(written), environment);
    Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
    Reading reading = new Reading(folder);
    Optional<PipelineSpec> spec = reading.attempt(() -> pipeline(reading, meant));
    reading.throwIfAnyProblem();
    return spec.orElseThrow();
  }

  private static String text(Path file) {
    Place place = Place.of(file.toAbsolutePath().normalize().toString());
    String expected = ", expected the YAML file of a pipeline";
    if (!Files.exists(file)) {
      throw new SpecException(place, "found no such file" + expected);
    }
    if (!Files.isRegularFile(file)) {
      throw new SpecException(place, "found a folder" + expected);
    }
    try {
      if (Files.size(file) > YamlParser.MAX_CHARACTERS) {
        throw new SpecException(
            place,
            "found %d bytes, at most %d are read"
                    .formatted(Files.size(file), YamlParser.MAX_CHARACTERS)
                + expected);
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new SpecException(place, "found bytes that are not UTF-8 text" + expected);
    } catch (IOException e) {
      throw new SpecException(place, "found a file that cannot be read (" + e + ")" + expected);
    }
  }

  private static PipelineSpec pipeline(Reading reading, Tree tree) {
    Section top =
        new Value(reading, "", tree)
            .section(
                "pipeline",
                "events",
                "labels",
                "validate",
                "history",
                "lookup",
                "compute",
                "infer",
                "decide",
                "to",
                "deadLetters");
    Optional<String> name = top.readRequired("pipeline", Value::name);
    Optional<StreamSpec> events = top.readRequired("events", StreamReader::events);
    Optional<LabelsSpec> labels = top.read("labels", StreamReader::labels);
    Optional<List<String>> validate = top.read("validate", v -> v.list(Value::text));
    Optional<List<HistorySpec>> history = top.read("history", v -> v.list(HistoryReader::history));
    Optional<List<LookupSpec>> lookup = top.read("lookup", v -> v.list(LookupReader::lookup));
    Optional<Map<String, String>> compute = top.read("compute", v -> v.columns(Value::text));
    Optional<InferSpec> infer = top.read("infer", PipelineSpecReader::infer);
    Optional<DecideSpec> decide = top.read("decide", PipelineSpecReader::decide);
    // Without events the spec is wrong anyway, and a sink that leans on them is not to blame.
    Optional<SourceSpec> from = events.map(StreamSpec::from);
    Optional<List<RouteSpec>> to = top.read("to", v -> StreamReader.decisions(v, from));
    Optional<SinkSpec> deadLetters =
        top.read("deadLetters", v -> StreamReader.deadLetters(v, from));
    reading.throwIfAnyProblem();
    return new PipelineSpec(
        name.orElseThrow(),
        events.orElseThrow(),
        labels.orElse(null),
        validate.orElse(List.of()),
        history.orElse(List.of()),
        lookup.orElse(List.of()),
        compute.orElse(Map.of()),
        infer.orElse(null),
        decide.orElse(null),
        to.orElse(List.of()),
        deadLetters.orElse(null),
        reading.folder(),
        reading.places());
  }

  private static InferSpec infer(Value value) {
    Section section = value.section("model", "inputs", "outputs", "signature", "batchSize");
    String model = section.required("model").path();
    List<String> inputs = section.required("inputs").list(Value::column);
    Map<String, String> outputs = section.required("outputs").columns(Value::text);
    String signature =
        section.optional("signature").map(Value::text).orElse(InferSpec.DEFAULT_SIGNATURE);
    int batchSize =
        section
            .optional("batchSize")
            .map(size -> size.number(1, 100_000))
            .orElse(InferSpec.DEFAULT_BATCH_SIZE);
    return section
        .required("inputs")
        .checked(() -> new InferSpec(model, inputs, outputs, signature, batchSize));
  }

  private static DecideSpec decide(Value value) {
    Section section = value.section("field", "rules", "otherwise");
    return new DecideSpec(
        section.required("field").column(),
        section.required("rules").list(PipelineSpecReader::rule),
        section.required("otherwise").text());
  }

  private static DecideSpec.Rule rule(Value value) {
    Section section = value.section("when", "then");
    return new DecideSpec.Rule(section.required("when").text(), section.required("then").text());
  }
}
