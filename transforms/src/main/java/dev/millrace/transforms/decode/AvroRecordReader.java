package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads records that one schema wrote into a draft of the contract's event. Everything that depends
 * on schemas alone is done once, when it is made: a record then is one step for each field written,
 * and the defaults of those that are not. Not thread-safe.
 */
final class AvroRecordReader {

  private final AvroStep[] steps;
  private final String[] names;
  private final ContractField[] missing;

  /**
   * @param draft which records will be read into
   * @throws UndecodableException naming the field, when the contract cannot be read from what
   *     {@code writer} writes
   */
  AvroRecordReader(RecordType contract, Schema writer, EventDraft draft)
      throws UndecodableException {
    if (writer.getType() != Schema.Type.RECORD) {
      throw incompatible(
          "found a writer's schema of type %s, expected a record"
              .formatted(writer.getType().getName()));
    }
    List<AvroStep> all = new ArrayList<>();
    Set<ContractField> written = new HashSet<>();
    for (Schema.Field field : writer.getFields()) {
      ContractField target = target(contract, writer, field);
      // Where a writer has two of a field's aliases, the second is a field unknown.
      boolean wanted = target != null && written.add(target);
      all.add(
          target != null && wanted
              ? step(field, target, draft)
              : (in, out) -> in.skip(field.schema()));
    }
    this.steps = all.toArray(new AvroStep[0]);
    this.names = writer.getFields().stream().map(Schema.Field::name).toArray(String[]::new);
    this.missing =
        contract.fields().stream()
            .filter(field -> !written.contains(field))
            .toArray(ContractField[]::new);
    for (ContractField field : missing) {
      if (!field.optional()) {
        throw incompatible(
            "field '%s': found none in the writer's schema, expected %s: the contract has no default for it"
                .formatted(field.path(), field.expected()));
      }
    }
  }

  /** The contract's field of the writer's name, or of its alias where no other has the name. */
  static @Nullable ContractField target(RecordType contract, Schema writer, Schema.Field field) {
    ContractField target = contract.named(field.name());
    boolean shadowed =
        target != null
            && !target.name().equals(field.name())
            && writer.getField(target.name()) != null;
    return shadowed ? null : target;
  }

  private static AvroStep step(Schema.Field written, ContractField field, EventDraft draft)
      throws UndecodableException {
    AvroStep step = AvroStep.of(written.schema(), field, draft);
    if (step == null) {
      throw incompatible(
          "field '%s': found %s in the writer's schema, expected %s"
              .formatted(field.path(), AvroStep.describe(written.schema()), field.expected()));
    }
    return step;
  }

  /** Reads one record; {@code in} stands behind it afterwards. */
  void read(AvroInput in, EventDraft draft) throws UndecodableException {
    int i = 0;
    try {
      for (; i < steps.length; i++) {
        steps[i].read(in, draft);
      }
    } catch (IOException e) {
      throw new UndecodableException(
          Reason.MALFORMED, "field '%s': %s".formatted(names[i], e.getMessage()), null, e);
    }
    for (ContractField field : missing) {
      draft.setDefault(field);
    }
  }

  private static UndecodableException incompatible(String message) {
    return new UndecodableException(Reason.INCOMPATIBLE_SCHEMA, message);
  }
}
