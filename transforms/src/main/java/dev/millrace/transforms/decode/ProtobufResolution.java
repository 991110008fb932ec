package dev.millrace.transforms.decode;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that {@link ProtobufRecordReader} and its steps would refuse of what one message writes. */
final class ProtobufResolution {

  private final EventDraft draft;
  private final List<Mismatch> found = new ArrayList<>();

  private ProtobufResolution(Contract contract) {
    this.draft = new EventDraft(contract, Limits.DEFAULT);
  }

  static List<Mismatch> of(Contract contract, @Nullable Descriptor own, Descriptor writer) {
    ProtobufResolution resolution = new ProtobufResolution(contract);
    resolution.record(contract.record(), own, writer);
    return List.copyOf(resolution.found);
  }

  private void record(RecordType contract, @Nullable Descriptor own, Descriptor writer) {
    for (ContractField field : contract.fields()) {
      FieldDescriptor written = ProtobufRecordReader.written(contract, field, own != null, writer);
      if (written != null) {
        value(written, own == null ? null : own.findFieldByNumber(field.number()), field);
      } else if (!field.optional()) {
        add(field, "no such field", ": the contract has no default for it");
      }
    }
  }

  private void value(FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field) {
    Nested nested = nested(written, field);
    if (nested != null) {
      boolean map = field.type() instanceof MapOf;
      FieldDescriptor ownOne = own != null && map ? own.getMessageType().findFieldByNumber(2) : own;
      FieldDescriptor one = map ? written.getMessageType().findFieldByNumber(2) : written;
      boolean ownMessage = ownOne != null && ownOne.getJavaType() == JavaType.MESSAGE;
      Descriptor message = ownMessage && ownOne != null ? ownOne.getMessageType() : null;
      record(nested.record(), message, one.getMessageType());
      return;
    }
    try {
      if (ProtobufStep.of(written, own, field, draft) == null) {
        add(field, ProtobufStep.describe(written), "");
      } else if (field.type() instanceof Scalar scalar) {
        symbols(written, own, field, scalar);
      }
    } catch (UndecodableException e) {
      found.add(new Mismatch(field.path(), e.message()));
    }
  }

  /** The record that the field holds, or each of its items, where the writer's holds messages. */
  private static @Nullable Nested nested(FieldDescriptor written, ContractField field) {
    if (field.type() instanceof MapOf map) {
      boolean messages =
          written.isMapField()
              && written.getMessageType().findFieldByNumber(2).getJavaType() == JavaType.MESSAGE;
      return messages && map.value().type() instanceof Nested nested ? nested : null;
    }
    if (written.getType() != FieldDescriptor.Type.MESSAGE || written.isMapField()) {
      return null;
    }
    if (field.type() instanceof ListOf list) {
      return list.item().type() instanceof Nested nested ? nested : null;
    }
    return !written.isRepeated() && field.type() instanceof Nested nested ? nested : null;
  }

  private void symbols(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, Scalar scalar) {
    if (scalar.symbols().isEmpty()
        || scalar.defaultSymbol() != null
        || written.getJavaType() != JavaType.ENUM) {
      return;
    }
    List<String> unknown = new ArrayList<>();
    boolean byNumber = own != null && own.getJavaType() == JavaType.ENUM;
    for (EnumValueDescriptor each : written.getEnumType().getValues()) {
      boolean known =
          (own != null && byNumber)
              ? own.getEnumType().findValueByNumber(each.getNumber()) != null
              : scalar.symbol(each.getName()) >= 0;
      if (!known) {
        unknown.add(each.getName());
      }
    }
    if (!unknown.isEmpty()) {
      add(field, "the symbols " + unknown, "");
    }
  }

  private void add(ContractField field, String what, String why) {
    String problem = "found %s, expected %s%s".formatted(what, field.expected(), why);
    found.add(new Mismatch(field.path(), problem));
  }
}
