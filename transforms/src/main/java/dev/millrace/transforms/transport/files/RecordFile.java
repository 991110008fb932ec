package dev.millrace.transforms.transport.files;

import java.io.IOException;

/** A file that is being written. */
interface RecordFile extends AutoCloseable {

  /** Adds a record, which is Avro binary of the file's schema. */
  void write(byte[] record) throws IOException;

  @Override
  void close() throws IOException;
}
