package dev.millrace.transforms.transport.files;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.Schema;

/** What a file is made of. */
public enum WrittenFormat {
  /** An Avro container, deflated. */
  AVRO(".avro") {
    @Override
    RecordFile open(Schema schema, OutputStream out) throws IOException {
      return new AvroFile(schema, out);
    }
  },
  /** A JSON object a line. */
  JSON(".jsonl") {
    @Override
    RecordFile open(Schema schema, OutputStream out) throws IOException {
      return new JsonLinesFile(schema, out);
    }
  };

  private final String suffix;

  WrittenFormat(String suffix) {
    this.suffix = suffix;
  }

  String suffix() {
    return suffix;
  }

  /** Begins a file. */
  abstract RecordFile open(Schema schema, OutputStream out) throws IOException;
}
