package dev.millrace.transforms.transport.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class JsonLinesFileTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "All", "fields": [
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "due", "type": {"type": "int", "logicalType": "date"}},
                {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 10}},
                {"name": "raw", "type": "bytes"},
                {"name": "whole", "type": "long"},
                {"name": "real", "type": "double"},
                {"name": "single", "type": "float"},
                {"name": "nothing", "type": ["null", "string"]},
                {"name": "maybe", "type": ["null", "string"]},
                {"name": "list", "type": {"type": "array", "items": ["null", "int"]}},
                {"name": "map", "type": {"type": "map", "values": "boolean"}},
                {"name": "within", "type": {"type": "record", "name": "Within", "fields": [
                  {"name": "text", "type": "string"}]}}]}
              """);

  @Test
  void every_value_is_as_people_write_it() throws IOException {
    GenericRecord within = new GenericData.Record(SCHEMA.getField("within").schema());
    within.put("text", "é\n\"");
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("at", 1_522_584_000_123L);
    record.put("seen", -1L);
    record.put("due", 17_651);
    record.put("price", ByteBuffer.wrap(new BigInteger("-123456789012345678901").toByteArray()));
    record.put("raw", ByteBuffer.wrap(new byte[] {0, -1}));
    record.put("whole", 9_007_199_254_740_993L);
    record.put("real", Double.NaN);
    record.put("single", 0.1f);
    record.put("maybe", "there");
    record.put("list", java.util.Arrays.asList(1, null, 3));
    record.put("map", Map.of("on", true));
    record.put("within", within);
    String line =
        "{\"at\":\"2018-04-01T12:00:00.123Z\",\"seen\":\"1969-12-31T23:59:59.999999Z\",\"due\":\"2018-04-30\","
            + "\"price\":-12345678901.2345678901,\"raw\":\"AP8=\",\"whole\":9007199254740993,\"real\":\"NaN\","
            + "\"single\":0.1,\"nothing\":null,\"maybe\":\"there\",\"list\":[1,null,3],\"map\":{\"on\":true},"
            + "\"within\":{\"text\":\"é\\n\\\"\"}}\n";
    assertThat(written(List.of(record, record))).isEqualTo(line + line);
  }

  private static String written(List<GenericRecord> records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RecordFile file = WrittenFormat.JSON.open(SCHEMA, out)) {
      for (GenericRecord record : records) {
        file.write(avro(record));
      }
    }
    return out.toString(UTF_8);
  }

  private static byte[] avro(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(SCHEMA).write(record, encoder);
    return out.toByteArray();
  }
}
