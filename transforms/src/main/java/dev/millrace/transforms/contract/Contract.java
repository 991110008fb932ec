package dev.millrace.transforms.contract;

import com.google.protobuf.Descriptors.Descriptor;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Suggestion;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * What every payload of a stream is read as: a record of fields, one of which is the event's id and
 * one its time; the factories without these two are for records that are no events. A field may be
 * a boolean, int, long, float, double, string, bytes, enum, UUID, decimal, date or timestamp, a
 * record of fields, or a list or a map of any of these. Its aliases are other names that a writer
 * may use for it, and its default stands in where a writer has no such field.
 *
 * <p>Fields of a nested record are named by the path to them: {@code merchant.country}.
 *
 * <p>It is written in Avro (specification 1.12), Protobuf, or JSON Schema (drafts 7, 2019-09 and
 * 2020-12). In JSON Schema an integer is a long, or an int of format {@code int32}; a number a
 * double, or a float of format {@code float}; text of an {@code enum} an enum, of format {@code
 * date-time}, {@code date} or {@code uuid} what that says, of {@code contentEncoding} {@code
 * base64} bytes. A number or text of format {@code decimal} has its scale from {@code multipleOf},
 * 0.01 for two digits, and its precision from {@code x-precision}, 38 by default; a {@code
 * date-time} with {@code "x-unit": "micros"} keeps microseconds, and may be of an integer. {@code
 * aliases} is a list of names beside a property's type. A property that is not {@code required} may
 * be null or missing, one with a {@code default} missing. Rules for values ({@code minimum}, {@code
 * pattern}) are not checked, and what gives a value several types is refused.
 *
 * <pre>{@code
 * Contract.read(Path.of("transaction.avsc"), "transaction_id", "occurred_at")
 * }</pre>
 */
public final class Contract implements Serializable {

  private static final Set<ColumnType> IDS =
      Set.of(ColumnType.STRING, ColumnType.INT32, ColumnType.INT64, ColumnType.UUID);
  private static final Set<ColumnType> TIMES =
      Set.of(ColumnType.TIMESTAMP, ColumnType.TIMESTAMP_MICROS);

  private final SchemaText source;
  private final @Nullable String message;
  private final Schema schema;
  private final RecordType record;
  private final EventLayout layout;

  /** Which fields are an event's id and its time. */
  private record Identity(String id, String time) {}

  private Contract(
      SchemaText source,
      @Nullable String message,
      Schema schema,
      RecordType record,
      @Nullable Identity identity) {
    this.source = source;
    this.message = message;
    this.schema = schema;
    this.record = record.placed();
    EventLayout columns = EventLayout.of(this.record.beamSchema());
    if (identity != null) {
      checkId(column(columns, "id", identity.id));
      checkTime(column(columns, "event time", identity.time));
      columns = columns.withIdentity(identity.id, identity.time);
    }
    this.layout = columns.withContract(schema.toString());
  }

  private void checkId(Column id) {
    if (!IDS.contains(id.type())) {
      throw new IllegalArgumentException(
          "id field '%s': found %s, expected a string, an int, a long or a UUID"
              .formatted(id.name(), describe(id)));
    }
  }

  private void checkTime(Column time) {
    if (!TIMES.contains(time.type())) {
      throw new IllegalArgumentException(
          "event time field '%s': found %s, expected a timestamp"
              .formatted(time.name(), describe(time)));
    }
  }

  /**
   * The contract of an Avro schema.
   *
   * @throws IllegalArgumentException naming the field that cannot be held, or the id or time field
   *     that there is not
   */
  public static Contract of(Schema schema, String idField, String timeField) {
    return ofAvro(SchemaText.of(schema), schema, new Identity(idField, timeField));
  }

  /**
   * The contract of a schema in Avro, in JSON Schema or in Protobuf, there of its first message,
   * and of what it refers to.
   *
   * @throws IllegalArgumentException naming what cannot be held by its place, or the id or time
   *     field that there is not
   */
  public static Contract of(SchemaText source, String idField, String timeField) {
    return of(source, new Identity(idField, timeField));
  }

  /** The same, of records that are no events. */
  public static Contract of(SchemaText source) {
    return of(source, null);
  }

  private static Contract of(SchemaText source, @Nullable Identity identity) {
    switch (source.type()) {
      case SchemaText.AVRO -> {
        return ofAvro(source, avro(source), identity);
      }
      case SchemaText.JSON -> {
        RecordType record = JsonSchemaContract.record(source);
        Schema schema = AvroOfContract.schema(JsonSchemaContract.name(source), record);
        return new Contract(source, null, schema, record, identity);
      }
      case SchemaText.PROTOBUF -> {
        return ofMessage(ProtobufContract.schema(source), null, identity);
      }
      default ->
          throw new IllegalArgumentException(
              "contract: found a schema of type %s, expected AVRO, JSON or PROTOBUF"
                  .formatted(source.type()));
    }
  }

  private static Contract ofAvro(SchemaText source, Schema schema, @Nullable Identity identity) {
    return new Contract(source, null, schema, AvroContract.record(schema), identity);
  }

  /**
   * The contract of a Protobuf message.
   *
   * @param message its full name, or null for the first of the file
   * @throws IllegalArgumentException naming what cannot be held by its path, or the message, the id
   *     or time field that there is not
   */
  public static Contract ofMessage(
      ProtobufSchema schema, @Nullable String message, String idField, String timeField) {
    return ofMessage(schema, message, new Identity(idField, timeField));
  }

  private static Contract ofMessage(
      ProtobufSchema schema, @Nullable String message, @Nullable Identity identity) {
    Descriptor descriptor = message == null ? schema.message() : schema.message(message);
    RecordType record = ProtobufContract.record(descriptor);
    String name = descriptor.getFullName();
    return new Contract(
        ProtobufContract.source(schema),
        name,
        AvroOfContract.schema(name, record),
        record,
        identity);
  }

  /**
   * The contract of a message in a {@code .proto} file, or in a descriptor set as protoc writes it.
   *
   * @param message its full name, or null for the first of the file
   * @throws IllegalArgumentException naming the file, and what {@link #ofMessage} says
   */
  public static Contract readMessage(
      Path file, @Nullable String message, String idField, String timeField) {
    return readMessage(file, message, new Identity(idField, timeField));
  }

  /** The same, of records that are no events. */
  public static Contract readMessage(Path file, @Nullable String message) {
    return readMessage(file, message, null);
  }

  private static Contract readMessage(
      Path file, @Nullable String message, @Nullable Identity identity) {
    try {
      return ofMessage(ProtobufSchema.read(file), message, identity);
    } catch (IllegalArgumentException | AvroRuntimeException e) {
      throw new IllegalArgumentException("contract '%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The contract of a schema file: of JSON Schema where its name ends in {@code .json}, of the
   * first message where it ends in {@code .proto}, else of Avro.
   *
   * @throws IllegalArgumentException naming the file, and what {@link #of} says
   */
  public static Contract read(Path file, String idField, String timeField) {
    return read(file, new Identity(idField, timeField));
  }

  /** The same, of records that are no events. */
  public static Contract read(Path file) {
    return read(file, null);
  }

  private static Contract read(Path file, @Nullable Identity identity) {
    if (file.toString().endsWith(".proto")) {
      return readMessage(file, null, identity);
    }
    boolean json = file.toString().endsWith(".json");
    try {
      String type = json ? SchemaText.JSON : SchemaText.AVRO;
      return of(SchemaText.of(type, Files.readString(file)), identity);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "contract '%s': found no such file, expected %s"
              .formatted(file, json ? "a JSON Schema" : "an Avro schema"),
          e);
    } catch (IOException | AvroRuntimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException("contract '%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The fields of a schema, with their places, whatever they are used for.
   *
   * @param message of a Protobuf file; where it has none of that name, or for null, its first
   * @throws IllegalArgumentException naming what cannot be held by its place
   */
  public static RecordType fieldsOf(SchemaText source, @Nullable String message) {
    return switch (source.type()) {
      case SchemaText.AVRO -> AvroContract.record(avro(source)).placed();
      case SchemaText.JSON -> JsonSchemaContract.record(source).placed();
      case SchemaText.PROTOBUF -> ProtobufContract.record(message(source, message)).placed();
      default ->
          throw new IllegalArgumentException(
              "found a schema of type %s, expected AVRO, JSON or PROTOBUF"
                  .formatted(source.type()));
    };
  }

  private static Descriptor message(SchemaText source, @Nullable String name) {
    ProtobufSchema schema = ProtobufContract.schema(source);
    return schema.file().getMessageTypes().stream()
        .filter(each -> each.getFullName().equals(name))
        .findFirst()
        .orElseGet(schema::message);
  }

  private static Schema avro(SchemaText source) {
    Schema.Parser parser = new Schema.Parser();
    try {
      source.references().forEach(reference -> parser.parse(reference.text()));
      return parser.parse(source.text());
    } catch (SchemaParseException e) {
      String message = String.valueOf(e.getMessage());
      if (message.startsWith("Illegal")) {
        throw new IllegalArgumentException(
            "found the name '%s', expected letters, digits and underscores: give the record another name in the contract (a writer's may have any), or the field one, with an alias"
                .formatted(message.substring(message.indexOf(": ") + 2)),
            e);
      }
      throw e;
    }
  }

  /** What it was read from, in the language that it was written in. */
  public SchemaText source() {
    return source;
  }

  /** The full name of its message in Protobuf; null of a contract in another language. */
  public @Nullable String message() {
    return message;
  }

  /**
   * The Avro schema of its events. Of a contract in another language it is made: with its aliases
   * and defaults, and each enum a string.
   */
  public Schema schema() {
    return schema;
  }

  /** The fields, with their places. */
  public RecordType record() {
    return record;
  }

  /** The columns that a decoded event has, in the order of the fields. */
  public EventLayout layout() {
    return layout;
  }

  /** Whether its records are events, which have an id and a time. */
  public boolean isOfEvents() {
    return layout.id() != null;
  }

  private Column column(EventLayout columns, String role, String name) {
    if (!columns.has(name)) {
      List<String> names = columns.columns().stream().map(Column::name).toList();
      throw new IllegalArgumentException(
          "%s field '%s': found no such field in %s%s, expected one of %s"
              .formatted(
                  role,
                  name,
                  schema.getFullName(),
                  Suggestion.didYouMean(name, names),
                  String.join(", ", names)));
    }
    return columns.column(name);
  }

  /** The field of a path, as {@code merchant.country}; null where there is none. */
  public @Nullable ContractField at(String path) {
    RecordType around = record;
    String rest = path;
    for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
      ContractField field = around.named(rest.substring(0, dot));
      if (field == null || !(field.type() instanceof Nested nested)) {
        return null;
      }
      around = nested.record();
      rest = rest.substring(dot + 1);
    }
    return around.named(rest);
  }

  private String describe(Column column) {
    return Objects.requireNonNull(at(column.name())).expected();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Contract that
        && source.equals(that.source)
        && Objects.equals(message, that.message)
        && identity().equals(that.identity());
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, message, identity());
  }

  private List<String> identity() {
    return Stream.of(layout.id(), layout.time())
        .filter(Objects::nonNull)
        .map(Column::name)
        .toList();
  }
}
