package dev.millrace.pipelines.schema;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.assembly.Schemas;
import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The stream of a specification that a schema is for.
 *
 * @param stream which one
 * @param from where its records come from
 * @param format how they are written
 */
public record SchemaTarget(PipelineSpec spec, Stream stream, SourceSpec from, FormatSpec format) {

  /** The streams that have contracts. */
  public enum Stream {
    EVENTS,
    LABELS
  }

  /**
   * Finds a stream.
   *
   * @throws SpecException when it is asked for labels that are no stream
   */
  public static SchemaTarget of(PipelineSpec spec, Stream stream) {
    if (stream == Stream.EVENTS) {
      return new SchemaTarget(spec, stream, spec.events().from(), spec.events().format());
    }
    if (spec.labels() instanceof LabelsSpec.Stream labels) {
      return new SchemaTarget(spec, stream, labels.from(), labels.format());
    }
    throw new SpecException(
        spec.place("labels"), "found no stream of labels, expected one for --of=labels");
  }

  String section() {
    return stream.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The language of the schemas that the stream's payloads are written with.
   *
   * @throws SpecException when they have none
   */
  String language(PipelinePlan plan) {
    if (format instanceof FormatSpec.Avro) {
      return SchemaText.AVRO;
    }
    if (format instanceof FormatSpec.Json) {
      return SchemaText.JSON;
    }
    if (format instanceof FormatSpec.Csv) {
      throw new SpecException(
          spec.place(section() + ".format"),
          "found csv, whose lines are written with no schema, expected avro or json");
    }
    Contract contract = stream == Stream.EVENTS ? plan.events() : plan.labels();
    return Objects.requireNonNull(contract).source().type();
  }

  /** What Confluent's serializers call the subject of a topic's values; none without a topic. */
  public Optional<String> subject() {
    return from.asKafka().map(kafka -> kafka.topic() + "-value");
  }

  /**
   * The registry that knows the stream's subject; a folder of schemas is none.
   *
   * @throws SpecException when its address is none
   */
  public Optional<ConfluentRegistry> registry() {
    try {
      return format instanceof FormatSpec.Framed framed
              && framed.registry() != null
              && Schemas.of(framed.registry()) instanceof ConfluentRegistry registry
          ? Optional.of(registry)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(section() + ".format"), String.valueOf(e.getMessage()));
    }
  }
}
