package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/** All that {@link AvroRecordReader} and its steps would refuse of what one schema writes. */
final class AvroResolution {

  private final List<Mismatch> found = new ArrayList<>();

  private AvroResolution() {}

  static List<Mismatch> of(RecordType contract, Schema writer) {
    AvroResolution resolution = new AvroResolution();
    if (writer.getType() == Schema.Type.RECORD) {
      resolution.record(contract, writer);
    } else {
      resolution.add("", AvroStep.describe(writer), "a record");
    }
    return List.copyOf(resolution.found);
  }

  private void record(RecordType contract, Schema writer) {
    Set<ContractField> written = new HashSet<>();
    for (Schema.Field field : writer.getFields()) {
      ContractField target = AvroRecordReader.target(contract, writer, field);
      if (target != null && written.add(target)) {
        value(field.schema(), target);
      }
    }
    for (ContractField field : contract.fields()) {
      if (!written.contains(field) && !field.optional()) {
        add(
            field.path(),
            "no such field",
            field.expected() + ": the contract has no default for it");
      }
    }
  }

  private void value(Schema written, ContractField field) {
    List<Schema> branches = written.isUnion() ? written.getTypes() : List.of(written);
    if (branches.stream().noneMatch(branch -> fits(branch, field))) {
      add(field.path(), AvroStep.describe(written), field.expected());
      return;
    }
    for (Schema branch : branches) {
      if (fits(branch, field)) {
        within(branch, field);
      } else {
        add(
            field.path(),
            "%s among %s".formatted(AvroStep.describe(branch), AvroStep.describe(written)),
            field.expected());
      }
    }
  }

  /** Whether a value of this type can be read, whatever is within it. */
  private static boolean fits(Schema written, ContractField field) {
    Schema.Type type = written.getType();
    if (type == Schema.Type.NULL) {
      return field.nullable();
    }
    if (field.type() instanceof Scalar scalar) {
      return AvroScalars.step(written, field, scalar) != null;
    }
    if (field.type() instanceof Nested) {
      return type == Schema.Type.RECORD;
    }
    return type == (field.type() instanceof ListOf ? Schema.Type.ARRAY : Schema.Type.MAP);
  }

  private void within(Schema written, ContractField field) {
    if (written.getType() == Schema.Type.NULL) {
      return;
    }
    if (field.type() instanceof Nested nested) {
      record(nested.record(), written);
    } else if (field.type() instanceof ListOf list) {
      value(written.getElementType(), list.item());
    } else if (field.type() instanceof MapOf map) {
      value(written.getValueType(), map.value());
    } else if (written.getType() == Schema.Type.ENUM) {
      symbols(written, field, (Scalar) field.type());
    }
  }

  private void symbols(Schema written, ContractField field, Scalar scalar) {
    List<String> unknown =
        written.getEnumSymbols().stream().filter(symbol -> scalar.symbol(symbol) < 0).toList();
    if (!unknown.isEmpty()) {
      add(field.path(), "the symbols " + unknown, field.expected());
    }
  }

  private void add(String path, String found, String expected) {
    this.found.add(new Mismatch(path, "found %s, expected %s".formatted(found, expected)));
  }
}
