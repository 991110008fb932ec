package dev.millrace.transforms.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The writers of a sink's shards in this JVM. They are shared by all instances of its function, for
 * a runner may give a shard now to one and now to another, and of two writers of a shard the later
 * would lock the earlier one out. A writer is taken for a bundle and given back after it.
 */
final class ShardWriters {

  private static final Map<String, ShardWriters> OPEN = new HashMap<>();

  private final Map<Integer, ShardWriter> idle = new HashMap<>();
  private int users;

  private ShardWriters() {}

  /** Those of a sink; each call wants one of {@link #release}. */
  static ShardWriters of(String sinkId) {
    synchronized (OPEN) {
      ShardWriters writers = OPEN.computeIfAbsent(sinkId, unseen -> new ShardWriters());
      writers.users++;
      return writers;
    }
  }

  /** The writer of a shard, to be given back, or closed when it failed. */
  ShardWriter take(int shard, IntFunction<ShardWriter> maker) {
    synchronized (OPEN) {
      ShardWriter writer = idle.remove(shard);
      return writer == null ? maker.apply(shard) : writer;
    }
  }

  void giveBack(int shard, ShardWriter writer) {
    synchronized (OPEN) {
      idle.put(shard, writer);
    }
  }

  /** The last who does so closes the writers. */
  void release(String sinkId) {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(sinkId, this);
        idle.values().forEach(ShardWriter::close);
        idle.clear();
      }
    }
  }
}
