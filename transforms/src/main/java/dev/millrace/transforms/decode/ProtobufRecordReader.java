package dev.millrace.transforms.decode;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.WireFormat;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.deadletter.Reason;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages that one writer's message describes into a draft of the contract's event.
 * Everything that depends on schemas alone is done once, when it is made. A message may come in
 * parts, which are merged: it is started, read any number of times, and finished. Not thread-safe.
 */
final class ProtobufRecordReader {

  /**
   * A field of the writer's.
   *
   * @param target the contract's, and null with {@code step} where it has none
   * @param place of the target among the contract's fields
   * @param oneof of which only the last member counts; -1 for none
   */
  private record Entry(
      FieldDescriptor written,
      @Nullable ContractField target,
      @Nullable ProtobufStep step,
      int place,
      int oneof) {

    int number() {
      return written.getNumber();
    }

    /** Without a value the writer means zero, of which nothing is written. */
    boolean impliesZero() {
      return !written.isRepeated() && !written.hasPresence();
    }
  }

  private final List<ContractField> fields;
  private final Entry[] entries;
  private final @Nullable Entry[] byPlace;
  private final boolean[] seen;
  private final @Nullable Entry[] lastOfOneof;
  private final ProtobufInput zero;
  private int expected;

  /**
   * @param own the contract's own message, whose fields are found by number; null of a contract in
   *     another language, whose fields are found by name
   * @param draft which messages will be read into
   * @throws UndecodableException naming the field, when the contract cannot be read from what
   *     {@code writer} writes
   */
  ProtobufRecordReader(
      RecordType contract, @Nullable Descriptor own, Descriptor writer, EventDraft draft)
      throws UndecodableException {
    this.fields = contract.fields();
    this.byPlace = new @Nullable Entry[fields.size()];
    this.seen = new boolean[fields.size()];
    this.zero = new ProtobufInput(draft.limits());
    Map<Integer, Entry> all = new HashMap<>();
    for (int place = 0; place < seen.length; place++) {
      ContractField field = fields.get(place);
      FieldDescriptor written = written(contract, field, own != null, writer);
      if (written != null) {
        FieldDescriptor ownField = own == null ? null : own.findFieldByNumber(field.number());
        Entry entry =
            new Entry(written, field, step(written, ownField, field, draft), place, oneof(written));
        all.put(entry.number(), entry);
        byPlace[place] = entry;
      } else if (!field.optional()) {
        throw ProtobufStep.refused(field, "none in message " + writer.getFullName());
      }
    }
    for (FieldDescriptor each : writer.getFields()) {
      all.putIfAbsent(each.getNumber(), new Entry(each, null, null, -1, oneof(each)));
    }
    this.entries =
        all.values().stream().sorted(Comparator.comparingInt(Entry::number)).toArray(Entry[]::new);
    this.lastOfOneof = new @Nullable Entry[writer.getRealOneofs().size()];
  }

  static @Nullable FieldDescriptor written(
      RecordType contract, ContractField field, boolean byNumber, Descriptor writer) {
    FieldDescriptor same = byNumber ? writer.findFieldByNumber(field.number()) : null;
    if (same != null) {
      return same;
    }
    for (String name : field.names().subList(byNumber ? 1 : 0, field.names().size())) {
      for (FieldDescriptor each : writer.getFields()) {
        boolean named =
            each.getName().equals(name) || (!byNumber && each.getJsonName().equals(name));
        // What has another field's number is that field.
        if (named && !(byNumber && hasNumber(contract, each.getNumber()))) {
          return each;
        }
      }
    }
    return null;
  }

  private static boolean hasNumber(RecordType contract, int number) {
    return contract.fields().stream().anyMatch(field -> field.number() == number);
  }

  private static ProtobufStep step(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, EventDraft draft)
      throws UndecodableException {
    ProtobufStep step = ProtobufStep.of(written, own, field, draft);
    if (step == null) {
      throw ProtobufStep.refused(
          field, "%s in the writer's schema".formatted(ProtobufStep.describe(written)));
    }
    return step;
  }

  private static int oneof(FieldDescriptor written) {
    OneofDescriptor oneof = written.getRealContainingOneof();
    return oneof == null ? -1 : oneof.getIndex();
  }

  void start() {
    Arrays.fill(seen, false);
    Arrays.fill(lastOfOneof, null);
    expected = 0;
  }

  /** Reads a message, or the next part of it, to its end. */
  void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
    while (in.next()) {
      Entry entry = entry(in.number());
      if (entry == null) {
        in.skip();
        continue;
      }
      if (entry.oneof >= 0) {
        takeBack(entry, draft);
      }
      if (entry.step == null) {
        in.skip();
        continue;
      }
      checkWireType(in, entry.written);
      if (!seen[entry.place]) {
        seen[entry.place] = true;
        entry.step.start();
      }
      entry.step.read(in, draft);
    }
  }

  /** Sets what was not there. */
  void finish(EventDraft draft) throws UndecodableException {
    for (int place = 0; place < seen.length; place++) {
      ContractField field = fields.get(place);
      Entry entry = byPlace[place];
      if (entry == null) {
        draft.setDefault(field);
      } else if (entry.step != null) {
        finish(entry.step, entry, field, draft);
      }
    }
  }

  private void finish(ProtobufStep step, Entry entry, ContractField field, EventDraft draft)
      throws UndecodableException {
    boolean there = seen[entry.place];
    if (!there && entry.impliesZero()) {
      zero.reset(ProtobufItems.ZERO, 0);
      step.start();
      step.read(zero, draft);
      there = true;
    } else if (!there && entry.written.isRepeated()) {
      step.start();
      there = true;
    }
    if (there) {
      step.finish(draft);
    } else if (!field.nullable()) {
      draft.setDefault(field);
    }
  }

  /** The writer's field of this number; most come in the order of their numbers. */
  private @Nullable Entry entry(int number) {
    if (expected < entries.length && entries[expected].number() == number) {
      return entries[expected++];
    }
    int low = 0;
    int high = entries.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = entries[middle].number();
      if (found == number) {
        expected = middle + 1;
        return entries[middle];
      }
      if (found < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  private void takeBack(Entry entry, EventDraft draft) {
    Entry last = lastOfOneof[entry.oneof];
    if (last != null && last.number() != entry.number() && last.target != null) {
      draft.setNull(last.target);
      seen[last.place] = false;
    }
    lastOfOneof[entry.oneof] = entry;
  }

  /** Another wire type than the declared one means another schema, not a field unknown. */
  static void checkWireType(ProtobufInput in, FieldDescriptor written) throws UndecodableException {
    int found = in.wireType();
    int declared = written.getLiteType().getWireType();
    boolean packed = written.isPackable() && found == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    if (found != declared && !packed) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "field '%s', number %d: found wire type %d, expected %d"
              .formatted(written.getName(), written.getNumber(), found, declared));
    }
  }
}
