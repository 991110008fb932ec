package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;

/**
 * Whether what one schema wrote can be read as a contract, and by which names. Avro's own
 * resolution follows; this comes before it to say which field is in the way, to take aliases
 * whatever the writer calls its record, and to refuse times in another unit, which Avro would read
 * as if they were milliseconds.
 */
final class AvroResolution {

  private final Contract contract;

  AvroResolution(Contract contract) {
    this.contract = contract;
  }

  /**
   * The writer's schema with its fields named as in the contract.
   *
   * @throws UndecodableException naming the first field that cannot be read
   */
  Schema writerAsContract(Schema writer) throws UndecodableException {
    if (writer.getType() != Schema.Type.RECORD) {
      throw incompatible(
          "found a writer's schema of type %s, expected a record"
              .formatted(writer.getType().getName()));
    }
    Schema renamed = rename(writer);
    for (ContractField field : contract.fields()) {
      check(field, renamed.getField(field.name()));
    }
    return renamed;
  }

  private Schema rename(Schema writer) {
    Set<String> written =
        writer.getFields().stream().map(Schema.Field::name).collect(Collectors.toSet());
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : writer.getFields()) {
      ContractField read = contract.named(field.name());
      String name = read != null && !written.contains(read.name()) ? read.name() : field.name();
      // Where a writer has two of the names, the first is the field and the other is unknown.
      written.add(name);
      fields.add(new Schema.Field(name, field.schema(), null, null));
    }
    Schema record = contract.schema();
    return Schema.createRecord(record.getName(), null, record.getNamespace(), false, fields);
  }

  private void check(ContractField field, Schema.@Nullable Field written)
      throws UndecodableException {
    if (written == null) {
      if (!field.optional()) {
        throw incompatible(
            "field '%s': found none in the writer's schema, expected %s: the contract has no default for it"
                .formatted(field.name(), field.expected()));
      }
      return;
    }
    Schema read = contract.schema().getFields().get(field.index()).schema();
    List<Schema> branches =
        written.schema().isUnion() ? written.schema().getTypes() : List.of(written.schema());
    if (branches.stream().noneMatch(branch -> readable(field, read, branch))) {
      throw incompatible(
          "field '%s': found %s in the writer's schema, expected %s"
              .formatted(field.name(), describe(written.schema()), field.expected()));
    }
    for (Schema branch : branches) {
      LogicalType unit = branch.getLogicalType();
      boolean otherUnit = unit != null && !(unit instanceof LogicalTypes.TimestampMillis);
      if (field.type() == ColumnType.TIMESTAMP && otherUnit) {
        throw incompatible(
            "field '%s': found %s in the writer's schema, expected timestamp-millis"
                .formatted(field.name(), unit.getName()));
      }
    }
  }

  private static boolean readable(ContractField field, Schema read, Schema written) {
    boolean bothEnums = written.getType() == Schema.Type.ENUM && !field.symbols().isEmpty();
    // Single symbols that the contract lacks are found record by record.
    return bothEnums
        || SchemaCompatibility.checkReaderWriterCompatibility(read, written).getType()
            == SchemaCompatibilityType.COMPATIBLE;
  }

  private static String describe(Schema schema) {
    return schema.isUnion()
        ? "a union of " + schema.getTypes().stream().map(AvroResolution::describe).toList()
        : schema.getType().getName();
  }

  private static UndecodableException incompatible(String message) {
    return new UndecodableException(Reason.INCOMPATIBLE_SCHEMA, message);
  }
}
