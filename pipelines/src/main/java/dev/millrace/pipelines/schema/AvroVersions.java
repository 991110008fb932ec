package dev.millrace.pipelines.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Holds an Avro schema to another by Avro's own rules. */
final class AvroVersions {

  private AvroVersions() {}

  /**
   * Why {@code reader} cannot read what {@code writer} writes.
   *
   * @param sentence how each finding begins
   */
  static List<Finding> findings(Schema reader, Schema writer, String sentence) {
    List<Finding> findings = new ArrayList<>();
    for (Incompatibility each :
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
            .getResult()
            .getIncompatibilities()) {
      String words = each.getType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      String reason = "%s: %s (%s)".formatted(sentence, words, each.getMessage());
      findings.add(Finding.of(Severity.ERROR, path(reader, each.getLocation()), reason));
    }
    return findings;
  }

  /** A field's path out of a place in the reader's JSON, as {@code /fields/2/type/items}. */
  private static String path(Schema reader, String location) {
    StringBuilder path = new StringBuilder();
    Schema at = reader;
    String[] parts = location.split("/", -1);
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].equals("fields") && i + 1 < parts.length) {
        Schema.Field field = at.getFields().get(Integer.parseInt(parts[++i]));
        path.append(path.isEmpty() ? "" : ".").append(field.name());
        at = field.schema();
      } else if (parts[i].equals("items") || parts[i].equals("values")) {
        path.append("[]");
        at = at.getType() == Schema.Type.ARRAY ? at.getElementType() : at.getValueType();
      } else if (at.isUnion() && parts[i].matches("\\d+")) {
        at = at.getTypes().get(Integer.parseInt(parts[i]));
      }
    }
    return path.toString();
  }
}
