package dev.millrace.transforms.lookup;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records that can be looked up, shared by all threads of a JVM. */
public interface Reference extends AutoCloseable {

  /**
   * Returns when it can be used.
   *
   * @throws IOException when it cannot be in time
   */
  void await() throws IOException;

  /** What is known of a key; null when somebody has to be asked. */
  @Nullable Answer known(String key) throws IOException;

  /**
   * Asks about keys of which nothing is known, and waits.
   *
   * @return an answer for each
   * @throws IOException when none was to be had, and events are to wait for one
   */
  Map<String, Answer> ask(Collection<String> keys) throws IOException;

  /** How it is, for those who watch; null for a remote one. */
  default @Nullable TableState state() {
    return null;
  }

  /** Lets go of all it holds; nobody uses it any more. */
  @Override
  void close();
}
