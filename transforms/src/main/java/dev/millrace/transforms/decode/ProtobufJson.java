package dev.millrace.transforms.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.millrace.transforms.contract.ContractField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/**
 * Reads a {@code google.protobuf.Struct}, {@code Value} or {@code ListValue} as the JSON that it
 * stands for. Every number is a double there; one that JSON has not, as NaN, is refused.
 */
final class ProtobufJson implements ProtobufStep {

  // An object in an object is a struct, an entry and a value.
  private static final int MESSAGES_A_LEVEL = 3;
  private static final JsonFactory JSON = new JsonFactory();

  private final Descriptor message;
  private final ContractField field;
  // Messages that come twice are merged, which is to say read one behind the other.
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();

  ProtobufJson(Descriptor message, ContractField field) {
    this.message = message;
    this.field = field;
  }

  @Override
  public void start() {
    all.reset();
  }

  @Override
  public void read(ProtobufInput in, EventDraft draft) throws UndecodableException {
    int length = in.readLength();
    all.write(in.bytes(), in.take(length), length);
  }

  @Override
  public void finish(EventDraft draft) throws UndecodableException {
    CodedInputStream in = CodedInputStream.newInstance(all.toByteArray());
    in.setRecursionLimit(MESSAGES_A_LEVEL * draft.limits().depth());
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      switch (message.getName()) {
        case "Struct" -> write(Struct.parseFrom(in), out);
        case "ListValue" -> write(ListValue.parseFrom(in), out);
        default -> write(Value.parseFrom(in), out);
      }
    } catch (InvalidProtocolBufferException e) {
      throw EventDraft.malformed(field, "a message that is none (" + e.getMessage() + ")");
    } catch (IOException e) {
      throw EventDraft.malformed(field, "what is not JSON (" + e.getMessage() + ")");
    }
    draft.setString(field, text.toString());
  }

  private void write(Struct struct, JsonGenerator out) throws IOException, UndecodableException {
    out.writeStartObject();
    for (Map.Entry<String, Value> each : struct.getFieldsMap().entrySet()) {
      out.writeFieldName(each.getKey());
      write(each.getValue(), out);
    }
    out.writeEndObject();
  }

  private void write(ListValue list, JsonGenerator out) throws IOException, UndecodableException {
    out.writeStartArray();
    for (Value each : list.getValuesList()) {
      write(each, out);
    }
    out.writeEndArray();
  }

  private void write(Value value, JsonGenerator out) throws IOException, UndecodableException {
    switch (value.getKindCase()) {
      case STRUCT_VALUE -> write(value.getStructValue(), out);
      case LIST_VALUE -> write(value.getListValue(), out);
      case STRING_VALUE -> out.writeString(value.getStringValue());
      case BOOL_VALUE -> out.writeBoolean(value.getBoolValue());
      case NUMBER_VALUE -> {
        if (!Double.isFinite(value.getNumberValue())) {
          throw EventDraft.malformed(field, "a number that JSON has not");
        }
        out.writeNumber(value.getNumberValue());
      }
      case NULL_VALUE, KIND_NOT_SET -> out.writeNull();
    }
  }
}
