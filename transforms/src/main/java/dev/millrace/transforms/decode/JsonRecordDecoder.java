package dev.millrace.transforms.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object token by token into a draft; {@link JsonFormat} says by which rules. */
final class JsonRecordDecoder implements RecordDecoder {

  private static final int DEEPEST = 64;

  private final Contract contract;
  private final int maxPayloadBytes;
  private final EventDraft draft;
  private final JsonFactory json;

  JsonRecordDecoder(Contract contract, int maxPayloadBytes) {
    this.contract = contract;
    this.maxPayloadBytes = maxPayloadBytes;
    this.draft = new EventDraft(contract);
    this.json =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from outside: they must not fill the JVM's table of strings.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(maxPayloadBytes)
                    .build())
            .build();
  }

  @Override
  public Event decode(RawRecord record) throws UndecodableException {
    PayloadLimit.check(record.payload(), maxPayloadBytes);
    draft.start();
    try (JsonParser in = json.createParser(record.payload())) {
      readObject(in);
    } catch (StreamConstraintsException e) {
      throw new UndecodableException(Reason.TOO_LARGE, "payload: " + at(e), null, e);
    } catch (JsonProcessingException e) {
      throw new UndecodableException(
          Reason.MALFORMED, "payload: found what is not JSON: " + at(e), null, e);
    } catch (IOException | RuntimeException e) {
      // Such as half a character at the payload's end.
      throw new UndecodableException(
          Reason.MALFORMED, "payload: found what is not JSON: " + e.getMessage(), null, e);
    }
    draft.complete();
    return draft.finish(record.origin());
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? e.getOriginalMessage()
        : "line %d, column %d: %s"
            .formatted(
                e.getLocation().getLineNr(), e.getLocation().getColumnNr(), e.getOriginalMessage());
  }

  private void readObject(JsonParser in) throws IOException, UndecodableException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found %s, expected an object".formatted(describe(in.currentToken())));
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      ContractField field = contract.named(in.currentName());
      JsonToken value = in.nextToken();
      if (field == null) {
        in.skipChildren();
      } else {
        draft.see(field);
        read(field, value, in);
      }
    }
    if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found %s behind the object, expected nothing"
              .formatted(describe(in.currentToken())));
    }
  }

  private void read(ContractField field, JsonToken value, JsonParser in)
      throws IOException, UndecodableException {
    if (value == JsonToken.VALUE_NULL && field.nullable()) {
      return;
    }
    int index = field.index();
    try {
      switch (field.type()) {
        case BOOLEAN -> {
          require(field, value, value.isBoolean());
          draft.setBoolean(index, value == JsonToken.VALUE_TRUE);
        }
        case INT32 -> {
          require(field, value, value == JsonToken.VALUE_NUMBER_INT);
          draft.setInt(index, in.getIntValue());
        }
        case INT64 -> {
          require(field, value, value == JsonToken.VALUE_NUMBER_INT);
          draft.setLong(index, in.getLongValue());
        }
        case FLOAT -> {
          require(field, value, value.isNumeric());
          draft.setFloat(index, finite(field, in.getFloatValue()));
        }
        case DOUBLE -> {
          require(field, value, value.isNumeric());
          draft.setDouble(index, finite(field, in.getDoubleValue()));
        }
        case TIMESTAMP -> draft.setLong(index, time(field, value, in));
        case STRING -> {
          require(field, value, value == JsonToken.VALUE_STRING);
          draft.setText(field, in.getText());
        }
        case BYTES -> {
          require(field, value, value == JsonToken.VALUE_STRING);
          byte[] bytes = base64(field, in);
          draft.setBytes(index, bytes, 0, bytes.length);
        }
      }
    } catch (InputCoercionException e) {
      throw mismatch(field, "a number that does not fit");
    }
  }

  private static long time(ContractField field, JsonToken value, JsonParser in)
      throws IOException, UndecodableException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return in.getLongValue();
    }
    require(field, value, value == JsonToken.VALUE_STRING);
    OptionalLong time = Timestamps.parse(in.getText());
    if (time.isEmpty()) {
      throw mismatch(field, "text that is no time");
    }
    return time.getAsLong();
  }

  private static byte[] base64(ContractField field, JsonParser in)
      throws IOException, UndecodableException {
    try {
      return in.getBinaryValue();
    } catch (JsonProcessingException e) {
      throw mismatch(field, "a string that is not base64");
    }
  }

  private static float finite(ContractField field, float value) throws UndecodableException {
    if (Float.isInfinite(value)) {
      throw mismatch(field, "a number that does not fit");
    }
    return value;
  }

  private static double finite(ContractField field, double value) throws UndecodableException {
    if (Double.isInfinite(value)) {
      throw mismatch(field, "a number that does not fit");
    }
    return value;
  }

  private static void require(ContractField field, JsonToken found, boolean fits)
      throws UndecodableException {
    if (!fits) {
      throw mismatch(field, describe(found));
    }
  }

  private static UndecodableException mismatch(ContractField field, String found) {
    return new UndecodableException(
        Reason.MALFORMED,
        "field '%s': found %s, expected %s".formatted(field.name(), found, field.expected()));
  }

  private static String describe(@Nullable JsonToken token) {
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
