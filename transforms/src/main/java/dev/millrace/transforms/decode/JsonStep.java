package dev.millrace.transforms.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one value of a JSON object into the draft. */
interface JsonStep {

  /**
   * Sets the field to a value of JSON.
   *
   * @param value the token that {@code in} stands at, the value's first
   */
  void read(JsonToken value, JsonParser in, EventDraft draft)
      throws IOException, UndecodableException;

  static JsonStep of(ContractField field, UnknownFields unknownFields, EventDraft draft) {
    JsonStep step = ofPresent(field, unknownFields, draft);
    return (value, in, out) -> {
      if (value != JsonToken.VALUE_NULL || !field.nullable()) {
        step.read(value, in, out);
      }
    };
  }

  private static JsonStep ofPresent(
      ContractField field, UnknownFields unknownFields, EventDraft draft) {
    if (field.type() instanceof Scalar scalar) {
      return JsonScalars.step(field, scalar);
    }
    if (field.type() instanceof Nested nested) {
      JsonRecordReader record = new JsonRecordReader(nested.record(), unknownFields, draft);
      return (value, in, out) -> {
        require(field, value, value == JsonToken.START_OBJECT);
        out.setPresent(field);
        record.read(in, out);
      };
    }
    return field.type() instanceof ListOf list
        ? list(field, list.item(), unknownFields, draft)
        : map(field, ((MapOf) field.type()).value(), unknownFields, draft);
  }

  private static JsonStep list(
      ContractField field, ContractField item, UnknownFields unknownFields, EventDraft draft) {
    EventDraft items = draft.ofItems(item);
    JsonStep step = of(item, unknownFields, items);
    return (value, in, out) -> {
      require(field, value, value == JsonToken.START_ARRAY);
      List<@Nullable Object> all = new ArrayList<>();
      for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
        items.startItem();
        step.read(next, in, items);
        all.add(items.item());
      }
      out.setValue(field, all);
    };
  }

  private static JsonStep map(
      ContractField field, ContractField value, UnknownFields unknownFields, EventDraft draft) {
    EventDraft values = draft.ofItems(value);
    JsonStep step = of(value, unknownFields, values);
    return (first, in, out) -> {
      require(field, first, first == JsonToken.START_OBJECT);
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String key = out.checked(field, in.currentName());
        if (all.containsKey(key)) {
          throw EventDraft.malformed(field, "a key twice");
        }
        values.startItem();
        step.read(in.nextToken(), in, values);
        all.put(key, values.item());
      }
      out.setValue(field, all);
    };
  }

  static void require(ContractField field, JsonToken found, boolean fits)
      throws UndecodableException {
    if (!fits) {
      throw EventDraft.malformed(field, describe(found));
    }
  }

  static String describe(@Nullable JsonToken token) {
    if (token == null) {
      return "the end";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> token.toString();
    };
  }
}
