package dev.millrace.transforms.decode;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.deadletter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field of a writer's message into the draft. A field may come more than once: a step is
 * started when it first does, and finished at the message's end.
 */
interface ProtobufStep {

  /** Reads one value, behind its tag. */
  void read(ProtobufInput in, EventDraft draft) throws UndecodableException;

  default void start() {}

  default void finish(EventDraft draft) throws UndecodableException {}

  /**
   * The step from what {@code written} writes to a field of the contract.
   *
   * @param own the field in the contract's own message; null of a contract in another language
   * @param draft which the step will set the field of
   * @return null when nothing that it writes can be read
   * @throws UndecodableException when within it a field cannot be read, naming it
   */
  static @Nullable ProtobufStep of(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, EventDraft draft)
      throws UndecodableException {
    if (field.type() instanceof MapOf map) {
      return written.isMapField()
          ? ProtobufItems.map(written.getMessageType(), own, field, map.value(), draft)
          : null;
    }
    if (field.type() instanceof ListOf list) {
      return ProtobufItems.list(written, own, field, list.item(), draft);
    }
    // Of many values all but the last would be lost.
    return written.isRepeated() ? null : one(written, own, field, draft);
  }

  /** The step for one value, of a list also. */
  static @Nullable ProtobufStep one(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, EventDraft draft)
      throws UndecodableException {
    if (written.getType() == FieldDescriptor.Type.GROUP) {
      return null;
    }
    if (written.getJavaType() != JavaType.MESSAGE) {
      return field.type() instanceof Scalar scalar
          ? ProtobufScalars.step(written, own, field, scalar)
          : null;
    }
    Descriptor message = written.getMessageType();
    if (field.type() instanceof Nested nested) {
      Descriptor ownMessage =
          own != null && own.getJavaType() == JavaType.MESSAGE ? own.getMessageType() : null;
      return new Message(
          new ProtobufRecordReader(nested.record(), ownMessage, message, draft), field);
    }
    return field.type() instanceof Scalar scalar
        ? ProtobufMessages.step(message, field, scalar)
        : null;
  }

  static UndecodableException refused(ContractField field, String found) {
    return new UndecodableException(
        Reason.INCOMPATIBLE_SCHEMA,
        "field '%s': found %s, expected %s".formatted(field.path(), found, field.expected()));
  }

  /** A writer's type, for messages. */
  static String describe(FieldDescriptor written) {
    String type =
        switch (written.getJavaType()) {
          case MESSAGE -> "message " + written.getMessageType().getFullName();
          case ENUM -> "enum " + written.getEnumType().getFullName();
          default -> written.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    return written.isRepeated() ? "repeated " + type : type;
  }

  /** A record within a record. What comes twice is merged. */
  final class Message implements ProtobufStep {
    private final ProtobufRecordReader reader;
    private final ContractField field;

    Message(ProtobufRecordReader reader, ContractField field) {
      this.reader = reader;
      this.field = field;
    }

    @Override
    public void start() {
      reader.start();
    }

    @Override
    public void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
      draft.setPresent(field);
      int end = in.enter();
      reader.read(in, draft);
      in.leave(end);
    }

    @Override
    public void finish(EventDraft draft) throws UndecodableException {
      reader.finish(draft);
    }
  }
}
