package dev.millrace.transforms.contract;

import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.SchemaText.Reference;
import java.util.Arrays;
import java.util.Objects;

/** JSON Schemas of records with an id and a time. */
final class JsonSchemas {

  private static final String ID_AND_TIME =
      """
      "id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}
      """;

  private JsonSchemas() {}

  static SchemaText text(String json, Reference... references) {
    return new SchemaText(SchemaText.JSON, json, Arrays.asList(references));
  }

  static String object(String properties) {
    return "{\"type\": \"object\", \"properties\": {%s, %s}, \"required\": [\"id\", \"at\"]}"
        .formatted(ID_AND_TIME, properties);
  }

  /** The one property {@code f} of this schema. */
  static ContractField field(String schema) {
    RecordType record = JsonSchemaContract.record(text(object("\"f\": " + schema)));
    return Objects.requireNonNull(record.named("f"));
  }
}
