package dev.millrace.transforms.registry;

import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;

/**
 * A schema as it is kept, with all that it needs.
 *
 * @param type {@link #AVRO}, {@link #PROTOBUF}, {@link #JSON}, or what else the source names it
 * @param text the schema itself
 * @param references what it refers to and what that refers to, each once and after all that it
 *     needs itself
 */
public record SchemaText(String type, String text, List<Reference> references)
    implements Serializable {

  public static final String AVRO = "AVRO";
  public static final String PROTOBUF = "PROTOBUF";
  public static final String JSON = "JSON";

  /**
   * A schema that another one refers to.
   *
   * @param name as the other writes it: an Avro full name, the path of a .proto import, the URL of
   *     a JSON {@code $ref}
   * @param text the schema
   */
  public record Reference(String name, String text) implements Serializable {}

  /** Copies the list. */
  public SchemaText {
    references = List.copyOf(references);
  }

  /** A schema that refers to no other. */
  public static SchemaText of(String type, String text) {
    return new SchemaText(type, text, List.of());
  }

  /** An Avro schema, whole. */
  public static SchemaText of(Schema schema) {
    return of(AVRO, schema.toString());
  }
}
