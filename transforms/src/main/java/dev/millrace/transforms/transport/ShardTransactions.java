package dev.millrace.transforms.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one shard, of which one at most is open. Each commits records and the
 * progress that they make, both or neither.
 */
interface ShardTransactions extends AutoCloseable {

  /**
   * Ends what an earlier writer of the same shard left open, lets it write no more, and reads the
   * progress that was committed last; null when there is none.
   */
  @Nullable Progress recover() throws IOException;

  void begin() throws IOException;

  /** Sends a record without waiting. */
  void send(byte[] key, byte[] value) throws IOException;

  /** Returns when all that was sent since {@link #begin} is committed. */
  void commit(Progress progress) throws IOException;

  /** Gives up what is open, without waiting. */
  @Override
  void close();
}
