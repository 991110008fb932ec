package dev.millrace.transforms.transport.files;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.transforms.event.AvroJson;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** A JSON object a line, as {@link AvroJson} has it. */
final class JsonLinesFile implements RecordFile {

  private final GenericDatumReader<GenericRecord> reader;
  private final JsonGenerator json;
  private @Nullable BinaryDecoder decoder;

  JsonLinesFile(Schema schema, OutputStream out) throws IOException {
    reader = new GenericDatumReader<>(schema);
    json = AvroJson.generator(out);
  }

  @Override
  public void write(byte[] record) throws IOException {
    decoder = DecoderFactory.get().binaryDecoder(record, decoder);
    AvroJson.write(reader.read(null, decoder), json);
  }

  @Override
  public void close() throws IOException {
    json.writeRaw('\n');
    json.close();
  }
}
