package dev.millrace.pipelines.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shipped pipeline, and schemas that are its contract with changes. */
final class CardFraud {

  private static final ObjectMapper JSON = new ObjectMapper();
  static final Path FOLDER =
      Path.of(System.getProperty("millrace.root"), "pipelines", "card-fraud");

  private CardFraud() {}

  /** The pipeline as it ships, or with a contract of its own, and values of the spec replaced. */
  static PipelinePlan plan(Path folder, String contract, String... overrides) {
    Path file = folder.resolve("contract.avsc");
    try {
      Files.writeString(file, contract);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("events.format.avro.contract=" + file);
    PipelineSpec spec =
        PipelineSpecReader.read(
            FOLDER.resolve("card-fraud.yaml"), Overrides.parse(all), Map.<String, String>of()::get);
    return PipelinePlan.of(spec);
  }

  static String contract(String name) {
    try {
      return Files.readString(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The contract of the payments. */
  static String transaction() {
    return contract("transaction.avsc");
  }

  /** The pipeline with nothing that is learnt afterwards. */
  static PipelineSpec withoutLabels(PipelineSpec spec) {
    return new PipelineSpec(
        spec.pipeline(),
        spec.events(),
        null,
        spec.validate(),
        List.of(),
        List.of(),
        Map.of(),
        null,
        null,
        List.of(),
        null,
        spec.folder(),
        spec.places());
  }

  static SchemaText avro(String schema) {
    return SchemaText.of(SchemaText.AVRO, schema);
  }

  static String without(String schema, String field) {
    return edit(schema, field, null);
  }

  /** The schema with a field of this JSON in the place of another, or behind all where none is. */
  static String with(String schema, String field, String json) {
    return edit(schema, field, json.replace('\'', '"'));
  }

  /** The schema with a field of another type, and nothing else said of it. */
  static String typed(String schema, String field, String type) {
    return with(schema, field, "{'name': '%s', 'type': %s}".formatted(field, type));
  }

  private static String edit(String schema, String field, @Nullable String json) {
    try {
      ObjectNode record = (ObjectNode) JSON.readTree(schema);
      ArrayNode fields = JSON.createArrayNode();
      boolean replaced = false;
      for (JsonNode each : record.get("fields")) {
        if (!each.get("name").asText().equals(field)) {
          fields.add(each);
        } else if (json != null) {
          fields.add(JSON.readTree(json));
          replaced = true;
        }
      }
      if (json != null && !replaced) {
        fields.add(JSON.readTree(json));
      }
      record.set("fields", fields);
      return record.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
