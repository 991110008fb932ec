package dev.millrace.transforms.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The records of an Avro container file, each resolved from the file's schema to a reader's and
 * written again as plain binary of the reader's: what follows then decodes all files alike,
 * whichever schema each was written with.
 */
final class AvroStream implements RecordStream {

  private final DataFileStream<GenericRecord> in;
  private final GenericDatumWriter<GenericRecord> writer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
  private @Nullable GenericRecord reused;
  private long number;

  AvroStream(InputStream in, Schema reader) throws IOException {
    this.in = new DataFileStream<>(in, new GenericDatumReader<>(null, reader));
    this.writer = new GenericDatumWriter<>(reader);
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    try {
      if (!in.hasNext()) {
        return null;
      }
      number++;
      GenericRecord record = in.next(reused);
      reused = record;
      out.reset();
      writer.write(record, encoder);
      return out.toByteArray();
    } catch (AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public long position() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
