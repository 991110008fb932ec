package dev.millrace.transforms.lookup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Records that are JSON objects, strictly read (RFC 8259); a field of null is none. */
final class JsonRecord {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonRecord() {}

  /** The answer of bytes, whatever they are. */
  static Answer answer(byte[] bytes, AnswerReader reader) {
    try {
      return reader.typed(fields(bytes));
    } catch (IllegalArgumentException e) {
      return new Answer.Invalid(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The fields of an object.
   *
   * @throws IllegalArgumentException when the bytes are none
   */
  static AnswerReader.Fields fields(byte[] bytes) {
    JsonNode record;
    try {
      record = JSON.readTree(bytes);
    } catch (JacksonException e) {
      // Without the cause, whose message has a piece of what was read.
      throw new IllegalArgumentException(
          "found %d bytes that are no JSON, expected an object".formatted(bytes.length));
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be read", e);
    }
    if (!(record instanceof ObjectNode object)) {
      throw new IllegalArgumentException(
          "found %s, expected a JSON object"
              .formatted(
                  record.isMissingNode() ? "no JSON" : "JSON of type " + record.getNodeType()));
    }
    return field -> value(object.get(field));
  }

  private static @Nullable Object value(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    return node.isBoolean() ? Boolean.valueOf(node.booleanValue()) : node;
  }
}
