package dev.millrace.benchmark.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Writes JSON as the simulator does: every field in order, times as ISO-8601. */
final class JsonPayloads implements Format.Encoding {

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public byte[] encode(GenericRecord record) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      object.put(field.name(), value(field, record.get(field.pos())));
    }
    try {
      return json.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a flat record can always be written as JSON", e);
    }
  }

  private static @Nullable Object value(Schema.Field field, @Nullable Object value) {
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    return field.schema().getLogicalType() != null && value instanceof Long millis
        ? Instant.ofEpochMilli(millis).toString()
        : value;
  }
}
