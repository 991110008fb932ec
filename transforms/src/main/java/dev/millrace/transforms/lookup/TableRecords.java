package dev.millrace.transforms.lookup;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The records of a table, by key. Read by all threads, written by one. */
final class TableRecords {

  /** The objects around a record's bytes and a key's characters, as the JVM lays them out. */
  private static final long AROUND = 150;

  /**
   * What a table may take of a JVM's memory unless its source says otherwise: a quarter of a GB.
   */
  static final long DEFAULT_MOST = 256L << 20;

  private final String name;
  private final long most;
  private final Map<String, Answer> byKey = new ConcurrentHashMap<>();
  private long bytes;

  /**
   * @param most bytes, about
   */
  TableRecords(String name, long most) {
    this.name = name;
    this.most = most;
  }

  @Nullable Answer get(String key) {
    return byKey.get(key);
  }

  int size() {
    return byKey.size();
  }

  /**
   * Adds a record, in the place of one of the same key.
   *
   * @return whether there was one
   * @throws TableTooLargeException when it is one too many
   */
  boolean put(String key, Answer answer) {
    bytes += size(key, answer);
    if (bytes > most) {
      throw new TableTooLargeException(
          "%s: found more than %,d bytes in %,d records, expected fewer: set maxBytes higher where the worker has the memory, want fewer columns, or look up in a server"
              .formatted(name, most, byKey.size()));
    }
    return forget(key, byKey.put(key, answer));
  }

  void remove(String key) {
    boolean unused = forget(key, byKey.remove(key));
  }

  private boolean forget(String key, @Nullable Answer before) {
    if (before != null) {
      bytes -= size(key, before);
    }
    return before != null;
  }

  private static long size(String key, Answer answer) {
    int held =
        answer instanceof Answer.Found found
            ? found.part().size()
            : answer instanceof Answer.Invalid invalid ? invalid.problem().length() : 0;
    return AROUND + key.length() + held;
  }
}
