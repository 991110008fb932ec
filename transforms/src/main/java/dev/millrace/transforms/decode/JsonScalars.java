package dev.millrace.transforms.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.io.IOException;

/** Steps that read one JSON value that is neither an object nor an array. */
final class JsonScalars {

  // Up to here a double holds every whole number.
  private static final double EXACT = 1L << 53;

  private JsonScalars() {}

  static JsonStep step(ContractField field, Scalar scalar) {
    int index = field.index();
    JsonStep step =
        switch (scalar.column()) {
          case BOOLEAN ->
              (value, in, draft) -> {
                JsonStep.require(field, value, value.isBoolean());
                draft.setBoolean(index, value == JsonToken.VALUE_TRUE);
              };
          case INT32 -> (value, in, draft) -> draft.setInt(index, whole32(field, value, in));
          case INT64 -> (value, in, draft) -> draft.setLong(index, whole(field, value, in));
          case FLOAT ->
              (value, in, draft) -> {
                JsonStep.require(field, value, value.isNumeric());
                float number = in.getFloatValue();
                if (Float.isInfinite(number)) {
                  throw tooLarge(field);
                }
                draft.setFloat(index, number);
              };
          case DOUBLE ->
              (value, in, draft) -> {
                JsonStep.require(field, value, value.isNumeric());
                double number = in.getDoubleValue();
                if (Double.isInfinite(number)) {
                  throw tooLarge(field);
                }
                draft.setDouble(index, number);
              };
          case TIMESTAMP, TIMESTAMP_MICROS ->
              (value, in, draft) -> {
                if (value.isNumeric()) {
                  draft.setLong(index, whole(field, value, in));
                } else {
                  text(field, value, in, draft);
                }
              };
          case DATE ->
              (value, in, draft) -> {
                if (value.isNumeric()) {
                  draft.setInt(index, whole32(field, value, in));
                } else {
                  text(field, value, in, draft);
                }
              };
          case DECIMAL ->
              (value, in, draft) -> {
                if (value.isNumeric()) {
                  draft.setDecimal(field, in.getDecimalValue());
                } else {
                  text(field, value, in, draft);
                }
              };
          default -> (value, in, draft) -> text(field, value, in, draft);
        };
    return (value, in, draft) -> {
      try {
        step.read(value, in, draft);
      } catch (InputCoercionException e) {
        throw tooLarge(field);
      }
    };
  }

  private static void text(ContractField field, JsonToken value, JsonParser in, EventDraft draft)
      throws IOException, UndecodableException {
    JsonStep.require(field, value, value == JsonToken.VALUE_STRING);
    FieldText.read(field, in.getText(), draft);
  }

  private static int whole32(ContractField field, JsonToken value, JsonParser in)
      throws IOException, UndecodableException {
    long whole = whole(field, value, in);
    if (whole != (int) whole) {
      throw tooLarge(field);
    }
    return (int) whole;
  }

  /** A whole number, which may be written as {@code 1.0} or {@code 1e3}. */
  private static long whole(ContractField field, JsonToken value, JsonParser in)
      throws IOException, UndecodableException {
    if (value != JsonToken.VALUE_NUMBER_FLOAT) {
      JsonStep.require(field, value, value == JsonToken.VALUE_NUMBER_INT);
      return in.getLongValue();
    }
    double number = in.getDoubleValue();
    if (number != Math.rint(number)) {
      throw EventDraft.malformed(field, "a number with a fraction");
    }
    if (Math.abs(number) > EXACT) {
      throw tooLarge(field);
    }
    return (long) number;
  }

  private static UndecodableException tooLarge(ContractField field) {
    return EventDraft.malformed(field, "a number that does not fit");
  }
}
