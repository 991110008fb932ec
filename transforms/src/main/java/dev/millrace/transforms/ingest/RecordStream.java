package dev.millrace.transforms.ingest;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The payloads of one open file, in order. */
public interface RecordStream extends Closeable {

  /**
   * The next payload, or null at the end.
   *
   * @throws DamagedException in the place of what can never be read; the next call gives what is
   *     behind it, as far as that can be found, or null
   * @throws IOException when the file cannot be had; this stream is then of no more use
   */
  byte @Nullable [] next() throws IOException;

  /** The line or record number of what {@link #next} gave or threw last, from 1. */
  long position();
}
