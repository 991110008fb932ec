package dev.millrace.transforms.transport.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;

/** An Avro container: records go in as they are. */
final class AvroFile implements RecordFile {

  private static final int LEVEL = 6;

  private final DataFileWriter<Object> file;

  AvroFile(Schema schema, OutputStream out) throws IOException {
    file = new DataFileWriter<>(new GenericDatumWriter<>(schema));
    file.setCodec(CodecFactory.deflateCodec(LEVEL)).create(schema, out);
  }

  @Override
  public void write(byte[] record) throws IOException {
    file.appendEncoded(ByteBuffer.wrap(record));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
