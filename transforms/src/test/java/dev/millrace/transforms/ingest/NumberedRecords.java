package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Avro files of records that have their number in their name, in small blocks. */
final class NumberedRecords {

  /** As a contract reads them: a name. */
  static final Schema SCHEMA = schema("{\"type\": \"string\"}");

  /** As they are written: the name may be missing. */
  private static final Schema WRITTEN = schema("[\"null\", \"string\"]");

  /**
   * @param start its first byte
   * @param data the first byte behind its two numbers
   * @param end the byte behind its sync marker
   * @param first the number of its first record
   */
  record Block(int start, int data, int end, int first, int count) {}

  private NumberedRecords() {}

  private static Schema schema(String name) {
    return new Schema.Parser()
        .parse(
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"name\", \"type\": "
                + name
                + "}, {\"name\": \"number\", \"type\": \"int\"}]}");
  }

  static String name(int number) {
    return "the name of " + number;
  }

  /** Of a payload: a length of one byte, and the number behind. */
  static String name(byte[] payload) {
    return new String(payload, 1, Math.max(0, Math.min(payload.length - 2, payload[0] / 2)), UTF_8);
  }

  static byte[] file(String codec, int records, IntPredicate nameless) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(WRITTEN))) {
      writer.setCodec(CodecFactory.fromString(codec)).setSyncInterval(100);
      writer.create(WRITTEN, bytes, "millrace-marker!".getBytes(UTF_8));
      for (int i = 0; i < records; i++) {
        GenericRecord record = new GenericData.Record(WRITTEN);
        record.put("name", nameless.test(i) ? null : name(i));
        record.put("number", i);
        writer.append(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Where the blocks of such a file are. */
  static List<Block> blocks(byte[] file) {
    byte[] marker = Arrays.copyOfRange(file, file.length - 16, file.length);
    List<Block> blocks = new ArrayList<>();
    int start = -1;
    int first = 0;
    for (int end = 16; end <= file.length; end++) {
      if (Arrays.equals(file, end - 16, end, marker, 0, 16)) {
        if (start >= 0) {
          // Fewer than 64 records, and fewer than 8,192 bytes.
          int count = file[start] / 2;
          int data = start + (file[start + 1] < 0 ? 3 : 2);
          blocks.add(new Block(start, data, end, first, count));
          first += count;
        }
        start = end;
      }
    }
    return blocks;
  }
}
