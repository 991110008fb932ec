package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Steps through what stands in blocks: arrays and maps. */
final class AvroItems {

  private AvroItems() {}

  static @Nullable AvroStep list(
      Schema written, ContractField field, ContractField item, EventDraft draft)
      throws UndecodableException {
    EventDraft items = draft.ofItems(item);
    AvroStep step = AvroStep.of(written, item, items);
    if (step == null) {
      return null;
    }
    return (in, out) -> {
      List<@Nullable Object> all = new ArrayList<>();
      for (long left = in.readCount(); left > 0; left = in.readCount()) {
        for (; left > 0; left--) {
          items.startItem();
          step.read(in, items);
          all.add(items.item());
        }
      }
      out.setValue(field, all);
    };
  }

  static @Nullable AvroStep map(
      Schema written, ContractField field, ContractField value, EventDraft draft)
      throws UndecodableException {
    EventDraft values = draft.ofItems(value);
    AvroStep step = AvroStep.of(written, value, values);
    if (step == null) {
      return null;
    }
    return (in, out) -> {
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      for (long left = in.readCount(); left > 0; left = in.readCount()) {
        for (; left > 0; left--) {
          int length = in.readLength();
          String key = out.utf8(field, in.bytes(), in.take(length), length);
          values.startItem();
          step.read(in, values);
          all.put(key, values.item());
        }
      }
      out.setValue(field, all);
    };
  }
}
