package dev.millrace.transforms.decode;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.millrace.transforms.contract.ContractField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Steps through fields that come many times: lists and maps. */
final class ProtobufItems {

  /** Every scalar of it is zero, every text and message of it is empty. */
  static final byte[] ZERO = new byte[Long.BYTES];

  private ProtobufItems() {}

  /**
   * @param written whose one value is a list of one, where it is not repeated
   */
  static @Nullable ProtobufStep list(
      FieldDescriptor written,
      @Nullable FieldDescriptor own,
      ContractField field,
      ContractField item,
      EventDraft draft)
      throws UndecodableException {
    EventDraft items = draft.ofItems(item);
    ProtobufStep step = ProtobufStep.one(written, own, item, items);
    return step == null ? null : new Items(field, items, step, written.isPackable());
  }

  static @Nullable ProtobufStep map(
      Descriptor entry,
      @Nullable FieldDescriptor own,
      ContractField field,
      ContractField value,
      EventDraft draft)
      throws UndecodableException {
    EventDraft values = draft.ofItems(value);
    FieldDescriptor ownValue =
        own != null && own.isMapField() ? own.getMessageType().findFieldByNumber(2) : null;
    ProtobufStep step = ProtobufStep.one(entry.findFieldByNumber(2), ownValue, value, values);
    return step == null ? null : new Entries(entry, field, values, step);
  }

  private static final class Items implements ProtobufStep {
    private final ContractField field;
    private final EventDraft items;
    private final ProtobufStep step;
    private final boolean packable;
    private List<@Nullable Object> all = new ArrayList<>();

    Items(ContractField field, EventDraft items, ProtobufStep step, boolean packable) {
      this.field = field;
      this.items = items;
      this.step = step;
      this.packable = packable;
    }

    @Override
    public void start() {
      all = new ArrayList<>();
    }

    @Override
    public void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
      if (!packable || in.wireType() != ProtobufInput.DELIMITED) {
        readItem(in);
        return;
      }
      int end = in.narrow();
      while (!in.isAtEnd()) {
        readItem(in);
      }
      in.widen(end);
    }

    private void readItem(ProtobufInput in) throws UndecodableException {
      items.startItem();
      step.start();
      step.read(in, items);
      step.finish(items);
      all.add(items.item());
    }

    @Override
    public void finish(EventDraft draft) {
      draft.setValue(field, all);
    }
  }

  /** Each entry is a message of a key, 1, and a value, 2; either may be missing, and is zero. */
  private static final class Entries implements ProtobufStep {
    private final FieldDescriptor key;
    private final FieldDescriptor value;
    private final ContractField field;
    private final EventDraft values;
    private final ProtobufStep step;
    private final ProtobufInput zero;
    private Map<String, @Nullable Object> all = new LinkedHashMap<>();

    Entries(Descriptor entry, ContractField field, EventDraft values, ProtobufStep step) {
      this.key = entry.findFieldByNumber(1);
      this.value = entry.findFieldByNumber(2);
      this.field = field;
      this.values = values;
      this.step = step;
      this.zero = new ProtobufInput(values.limits());
    }

    @Override
    public void start() {
      all = new LinkedHashMap<>();
    }

    @Override
    public void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
      values.startItem();
      step.start();
      String name = null;
      boolean valued = false;
      int end = in.enter();
      while (in.next()) {
        if (in.number() == 1) {
          ProtobufRecordReader.checkWireType(in, key);
          name = key(in, draft);
        } else if (in.number() == 2) {
          ProtobufRecordReader.checkWireType(in, value);
          step.read(in, values);
          valued = true;
        } else {
          in.skip();
        }
      }
      in.leave(end);
      zero.reset(ZERO, 0);
      if (!valued) {
        step.read(zero, values);
      }
      step.finish(values);
      all.put(name == null ? key(zero, draft) : name, values.item());
    }

    private String key(ProtobufInput in, EventDraft draft) throws UndecodableException {
      return switch (key.getType()) {
        case STRING -> {
          int length = in.readLength();
          yield draft.utf8(field, in.bytes(), in.take(length), length);
        }
        case BOOL -> Boolean.toString(in.readVarint() != 0);
        case UINT64, FIXED64 -> Long.toUnsignedString(ProtobufScalars.readBits(key, field, in));
        default -> Long.toString(ProtobufScalars.readBits(key, field, in));
      };
    }

    @Override
    public void finish(EventDraft draft) {
      draft.setValue(field, all);
    }
  }
}
