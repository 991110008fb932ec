package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field of a writer's record into the draft. Which one is found once for each writer's
 * schema, by Avro's rules of resolution (specification 1.12, "Schema Resolution"). Logical types
 * count too, where Avro would take the number as it stands: a time in another unit is converted, a
 * decimal of another scale keeps its value.
 */
interface AvroStep {

  void read(AvroInput in, EventDraft draft) throws IOException, UndecodableException;

  /**
   * The step from what {@code written} writes to a field of the contract.
   *
   * @param draft which the step will set the field of
   * @return null when nothing that it writes can be read
   * @throws UndecodableException when within it a field cannot be read, naming it
   */
  static @Nullable AvroStep of(Schema written, ContractField field, EventDraft draft)
      throws UndecodableException {
    if (written.isUnion()) {
      return union(written.getTypes(), field, draft);
    }
    if (written.getType() == Schema.Type.NULL) {
      return field.nullable() ? (in, out) -> {} : null;
    }
    if (field.type() instanceof Scalar scalar) {
      return AvroScalars.step(written, field, scalar);
    }
    if (field.type() instanceof Nested nested) {
      return written.getType() == Schema.Type.RECORD
          ? record(new AvroRecordReader(nested.record(), written, draft), field)
          : null;
    }
    if (field.type() instanceof ListOf list) {
      return written.getType() == Schema.Type.ARRAY
          ? AvroItems.list(written.getElementType(), field, list.item(), draft)
          : null;
    }
    return written.getType() == Schema.Type.MAP
        ? AvroItems.map(written.getValueType(), field, ((MapOf) field.type()).value(), draft)
        : null;
  }

  private static AvroStep record(AvroRecordReader reader, ContractField field) {
    return (in, draft) -> {
      draft.setPresent(field);
      reader.read(in, draft);
    };
  }

  private static @Nullable AvroStep union(
      List<Schema> branches, ContractField field, EventDraft draft) throws UndecodableException {
    AvroStep[] steps = new AvroStep[branches.size()];
    boolean any = false;
    for (int i = 0; i < steps.length; i++) {
      Schema branch = branches.get(i);
      AvroStep step = of(branch, field, draft);
      any |= step != null;
      steps[i] =
          step != null
              ? step
              : (in, out) -> {
                throw refused("found " + describe(branch), field);
              };
    }
    return any ? (in, out) -> steps[in.readIndex(steps.length)].read(in, out) : null;
  }

  static UndecodableException refused(String found, ContractField field) {
    return new UndecodableException(
        Reason.INCOMPATIBLE_SCHEMA,
        "field '%s': %s, expected %s".formatted(field.path(), found, field.expected()));
  }

  /** A writer's type, for messages. */
  static String describe(Schema schema) {
    if (schema.isUnion()) {
      return "a union of " + schema.getTypes().stream().map(AvroStep::describe).toList();
    }
    return schema.getLogicalType() == null
        ? schema.getType().getName()
        : schema.getLogicalType().getName();
  }
}
