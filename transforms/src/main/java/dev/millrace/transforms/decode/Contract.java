package dev.millrace.transforms.decode;

import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Suggestion;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * What every payload of a stream is read as: an Avro record of flat fields, one of which is the
 * event's id and one its time. A field may be a boolean, int, long, float, double, string, bytes,
 * enum (held as a string) or timestamp-millis, or a union of one of them with null. Its aliases are
 * other names that a writer may use for it, and its default stands in where a writer has no such
 * field.
 *
 * <pre>{@code
 * Contract.read(Path.of("transaction.avsc"), "transaction_id", "occurred_at")
 * }</pre>
 */
public final class Contract implements Serializable {

  private final Schema schema;
  private final List<ContractField> fields;
  private final Map<String, ContractField> byName;
  private final ContractField id;
  private final ContractField time;
  private final EventLayout layout;

  private Contract(Schema schema, String idField, String timeField) {
    this.schema = schema;
    this.fields = schema.getFields().stream().map(ContractField::of).toList();
    this.byName = byName(fields);
    this.id = field("id", idField);
    this.time = field("event time", timeField);
    if (!id.canBeId()) {
      throw new IllegalArgumentException(
          "id field '%s': found %s, expected a string, an int or a long"
              .formatted(idField, id.expected()));
    }
    if (time.type() != ColumnType.TIMESTAMP) {
      throw new IllegalArgumentException(
          "event time field '%s': found %s, expected a long of timestamp-millis"
              .formatted(timeField, time.expected()));
    }
    this.layout =
        EventLayout.of(beamSchema(fields))
            .withIdentity(id.name(), time.name())
            .withContract(schema.toString());
  }

  /**
   * The contract of an Avro schema.
   *
   * @throws IllegalArgumentException naming the field that cannot be held, or the id or time field
   *     that there is not
   */
  public static Contract of(Schema schema, String idField, String timeField) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "contract: found type %s, expected a record".formatted(schema.getType().getName()));
    }
    return new Contract(schema, idField, timeField);
  }

  /**
   * The contract of an Avro schema file.
   *
   * @throws IllegalArgumentException naming the file, and what {@link #of} says
   */
  public static Contract read(Path avsc, String idField, String timeField) {
    try {
      return of(new Schema.Parser().parse(Files.readString(avsc)), idField, timeField);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "contract '%s': found no such file, expected an Avro schema".formatted(avsc), e);
    } catch (IOException | AvroRuntimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException("contract '%s': %s".formatted(avsc, e.getMessage()), e);
    }
  }

  /** The Avro schema that payloads are resolved to. */
  public Schema schema() {
    return schema;
  }

  /** The columns that a decoded event has: one a field, in order, by its name. */
  public EventLayout layout() {
    return layout;
  }

  List<ContractField> fields() {
    return fields;
  }

  ContractField id() {
    return id;
  }

  ContractField time() {
    return time;
  }

  /** The field of this name or alias. */
  @Nullable ContractField named(String nameOrAlias) {
    return byName.get(nameOrAlias);
  }

  private ContractField field(String role, String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = fields.stream().map(ContractField::name).toList();
              return new IllegalArgumentException(
                  "%s field '%s': found no such field in %s%s, expected one of %s"
                      .formatted(
                          role,
                          name,
                          schema.getFullName(),
                          Suggestion.didYouMean(name, names),
                          String.join(", ", names)));
            });
  }

  private static Map<String, ContractField> byName(List<ContractField> fields) {
    Map<String, ContractField> byName = new HashMap<>();
    for (ContractField field : fields) {
      for (String name : field.names()) {
        ContractField other = byName.putIfAbsent(name, field);
        if (other != null) {
          throw new IllegalArgumentException(
              "name '%s' stands for field '%s' and for field '%s'"
                  .formatted(name, other.name(), field.name()));
        }
      }
    }
    return byName;
  }

  private static org.apache.beam.sdk.schemas.Schema beamSchema(List<ContractField> fields) {
    return fields.stream()
        .map(field -> Field.of(field.name(), beamType(field.type()).withNullable(field.nullable())))
        .collect(org.apache.beam.sdk.schemas.Schema.toSchema());
  }

  private static FieldType beamType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> FieldType.BOOLEAN;
      case INT32 -> FieldType.INT32;
      case INT64 -> FieldType.INT64;
      case FLOAT -> FieldType.FLOAT;
      case DOUBLE -> FieldType.DOUBLE;
      case TIMESTAMP -> FieldType.DATETIME;
      case STRING -> FieldType.STRING;
      case BYTES -> FieldType.BYTES;
    };
  }
}
