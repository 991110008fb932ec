package dev.millrace.transforms.lookup;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that can be asked for records: how a remote source does it. Thread-safe. */
interface Server {

  /** What can be asked, by one thread at a time. */
  interface Session extends Closeable {

    /**
     * The answers about those of {@code keys} that it has something about.
     *
     * @throws IOException when it could not be asked; the session is not used again
     */
    Map<String, Answer> get(List<String> keys) throws IOException;
  }

  /** What messages call it. */
  String name();

  /** About how many keys a question may be. */
  int keysAtOnce();

  /** How many questions may be under way from one JVM. */
  int connections();

  /**
   * Connects, with secrets as they are now; not within a question's timeout, but within {@code
   * patience}.
   *
   * @throws IOException when it cannot be reached, or refuses
   */
  Session connect(Duration patience) throws IOException;
}
