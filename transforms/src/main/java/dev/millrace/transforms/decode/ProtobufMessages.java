package dev.millrace.transforms.decode;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import org.jspecify.annotations.Nullable;

/** Steps that read one of Protobuf's own messages as one value: a wrapper, a time, JSON. */
final class ProtobufMessages {

  private ProtobufMessages() {}

  /** The step, or null when such a message cannot be read as the field. */
  static @Nullable ProtobufStep step(Descriptor message, ContractField field, Scalar scalar) {
    String name = message.getFullName();
    return switch (name) {
      case "google.protobuf.Timestamp" ->
          scalar.column() == ColumnType.TIMESTAMP || scalar.column() == ColumnType.TIMESTAMP_MICROS
              ? new Time(field, scalar.column() == ColumnType.TIMESTAMP_MICROS)
              : null;
      case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue" ->
          scalar.column() == ColumnType.STRING ? new ProtobufJson(message, field) : null;
      case "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.BoolValue",
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue" ->
          wrapper(message.findFieldByNumber(1), field, scalar);
      default -> null;
    };
  }

  private static @Nullable ProtobufStep wrapper(
      FieldDescriptor value, ContractField field, Scalar scalar) {
    ProtobufStep step = ProtobufScalars.step(value, null, field, scalar);
    return step == null ? null : new Wrapper(value, step);
  }

  private static final class Wrapper implements ProtobufStep {
    private final FieldDescriptor value;
    private final ProtobufStep step;
    private boolean valued;

    Wrapper(FieldDescriptor value, ProtobufStep step) {
      this.value = value;
      this.step = step;
    }

    @Override
    public void start() {
      valued = false;
    }

    @Override
    public void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
      int end = in.enter();
      while (in.next()) {
        if (in.number() == 1) {
          ProtobufRecordReader.checkWireType(in, value);
          step.read(in, draft);
          valued = true;
        } else {
          in.skip();
        }
      }
      in.leave(end);
    }

    @Override
    public void finish(EventDraft draft) throws UndecodableException {
      if (!valued) {
        ProtobufInput zero = new ProtobufInput(draft.limits());
        zero.reset(ProtobufItems.ZERO, 0);
        step.read(zero, draft);
      }
    }
  }

  /** Seconds, 1, and nanoseconds, 2, which always count forwards. */
  private static final class Time implements ProtobufStep {
    // Of as many the microseconds fit into a long.
    private static final long MOST_SECONDS = 9_000_000_000_000L;
    private static final FieldDescriptor SECONDS = Timestamp.getDescriptor().findFieldByNumber(1);
    private static final FieldDescriptor NANOS = Timestamp.getDescriptor().findFieldByNumber(2);

    private final ContractField field;
    private final boolean micros;
    private long seconds;
    private long nanos;

    Time(ContractField field, boolean micros) {
      this.field = field;
      this.micros = micros;
    }

    @Override
    public void start() {
      seconds = 0;
      nanos = 0;
    }

    @Override
    public void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
      int end = in.enter();
      while (in.next()) {
        if (in.number() == 1) {
          ProtobufRecordReader.checkWireType(in, SECONDS);
          seconds = in.readVarint();
        } else if (in.number() == 2) {
          ProtobufRecordReader.checkWireType(in, NANOS);
          nanos = in.readVarint();
        } else {
          in.skip();
        }
      }
      in.leave(end);
    }

    @Override
    public void finish(EventDraft draft) throws UndecodableException {
      if (seconds < -MOST_SECONDS || seconds > MOST_SECONDS || nanos < 0 || nanos > 999_999_999) {
        throw EventDraft.malformed(field, "a time that does not fit");
      }
      draft.setLong(
          field.index(),
          micros ? seconds * 1_000_000 + nanos / 1_000 : seconds * 1_000 + nanos / 1_000_000);
    }
  }
}
