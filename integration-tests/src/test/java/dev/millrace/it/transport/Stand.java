package dev.millrace.it.transport;

import java.io.IOException;
import java.util.List;

/** Servers of a transport, and where a pipeline on them reads and writes. */
interface Stand extends AutoCloseable {

  /** What stands behind {@code from:} in the specification. */
  String from();

  /** What stands behind {@code to:}. */
  String to();

  /** What stands behind {@code deadLetters:}. */
  String deadLetters();

  /** Beam's options that reach the servers. */
  default List<String> options() {
    return List.of();
  }

  /** Whether the pipeline ends by itself, with all that there is before it starts. */
  default boolean isBounded() {
    return false;
  }

  void send(List<Recording.Line> lines) throws Exception;

  /** Adds what came out since the last time. */
  void read(Outcome outcome) throws Exception;

  @Override
  void close() throws IOException;
}
