package dev.millrace.transforms.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a JSON object token by token into the draft of a record. Not thread-safe. */
final class JsonRecordReader {

  /** A field, its place among the record's and how it is read. */
  private record Entry(ContractField field, int place, JsonStep step) {}

  private final List<ContractField> fields;
  private final Map<String, Entry> byName = new HashMap<>();
  private final boolean refuseUnknown;
  private final boolean[] seen;

  JsonRecordReader(RecordType record, UnknownFields unknownFields, EventDraft draft) {
    this.fields = record.fields();
    this.refuseUnknown = unknownFields == UnknownFields.REFUSE;
    this.seen = new boolean[fields.size()];
    for (int i = 0; i < seen.length; i++) {
      ContractField field = fields.get(i);
      Entry entry = new Entry(field, i, JsonStep.of(field, unknownFields, draft));
      field.names().forEach(name -> byName.put(name, entry));
    }
  }

  /** Reads the object whose start was read; {@code in} then stands at its end. */
  void read(JsonParser in, EventDraft draft) throws IOException, UndecodableException {
    Arrays.fill(seen, false);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      Entry entry = byName.get(in.currentName());
      JsonToken value = in.nextToken();
      if (entry == null) {
        skip(in);
      } else {
        see(entry);
        entry.step.read(value, in, draft);
      }
    }
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i]) {
        draft.setDefault(fields.get(i));
      }
    }
  }

  private void skip(JsonParser in) throws IOException, UndecodableException {
    if (refuseUnknown) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found a field that the contract has not, expected one of %s"
              .formatted(fields.stream().map(ContractField::name).toList()));
    }
    in.skipChildren();
  }

  private void see(Entry entry) throws UndecodableException {
    if (seen[entry.place]) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "field '%s': found twice, expected once, by one of the names %s"
              .formatted(entry.field.path(), entry.field.names()));
    }
    seen[entry.place] = true;
  }
}
