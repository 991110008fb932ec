package dev.millrace.transforms.ingest;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The payloads of one open file, in order. */
public interface RecordStream extends Closeable {

  /** The next payload, or null at the end. */
  byte @Nullable [] next() throws IOException;

  /** The line or record number of what {@link #next} gave last, from 1. */
  long position();
}
