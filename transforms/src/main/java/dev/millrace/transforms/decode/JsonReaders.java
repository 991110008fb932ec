package dev.millrace.transforms.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.JsonSchema;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;

/** Readers of JSON objects; {@link JsonFormat} says by which rules. */
record JsonReaders(Contract contract, UnknownFields unknownFields)
    implements PayloadReader.Factory {

  @Override
  public PayloadReader ofContract(EventDraft draft) {
    return reader(contract.record(), draft);
  }

  private PayloadReader reader(RecordType fields, EventDraft draft) {
    JsonFactory json = factory(draft.limits());
    JsonRecordReader record = new JsonRecordReader(fields, unknownFields, draft);
    return (payload, from, target) -> {
      try (JsonParser in = json.createParser(payload, from, payload.length - from)) {
        readObject(in, record, target);
      } catch (StreamConstraintsException e) {
        // The parser's other messages may quote the payload.
        throw new UndecodableException(Reason.TOO_LARGE, "payload: " + e.getOriginalMessage());
      } catch (JsonProcessingException e) {
        throw new UndecodableException(Reason.MALFORMED, "payload: " + found(e));
      } catch (IOException | RuntimeException e) {
        // Such as half a character at the payload's end.
        throw new UndecodableException(
            Reason.MALFORMED, "payload: found what is not JSON, expected an object");
      }
    };
  }

  @Override
  public PayloadReader of(SchemaText writer, EventDraft draft) throws UndecodableException {
    if (!writer.type().equals(SchemaText.JSON)) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA,
          "found a schema of type %s, expected JSON".formatted(writer.type()));
    }
    try {
      return reader(JsonWriter.read(contract.record(), JsonSchema.parse(writer)), draft);
    } catch (IllegalArgumentException e) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA, "not a JSON Schema: " + e.getMessage(), null, e);
    }
  }

  private static JsonFactory factory(Limits limits) {
    return JsonFactory.builder()
        // Names come from outside: they must not fill the JVM's table of strings.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.depth())
                .maxStringLength(limits.bytes())
                .build())
        .build();
  }

  private static void readObject(JsonParser in, JsonRecordReader record, EventDraft draft)
      throws IOException, UndecodableException {
    JsonToken first = in.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found %s, expected an object".formatted(JsonStep.describe(first)));
    }
    record.read(in, draft);
    JsonToken behind = in.nextToken();
    if (behind != null) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found %s behind the object, expected nothing"
              .formatted(JsonStep.describe(behind)));
    }
  }

  private static String found(JsonProcessingException e) {
    return e.getLocation() == null
        ? "found what is not JSON"
        : "found what is not JSON at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
