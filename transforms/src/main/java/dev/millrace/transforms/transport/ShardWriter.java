package dev.millrace.transforms.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of one shard once each, though the runner gives it some of them twice.
 *
 * <p>The runner's state says how far the shard was written when the checkpoint was made; Kafka says
 * how far it was written in truth. After a failure Kafka is at or ahead of the state, and the
 * runner gives the same records in the same order again, so as many as Kafka is ahead are passed
 * over. That they are the same is not taken for granted: the running hash must agree where they
 * end.
 *
 * <p>An instance that threw is of no more use, and is to be closed.
 */
final class ShardWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardWriter.class);

  /** What one transaction holds at most, so that it ends well before the broker loses patience. */
  static final int LONGEST_TRANSACTION = 10_000;

  private final String name;
  private final ShardTransactions transactions;
  private @Nullable Progress reached;
  private int open;

  /**
   * @param name for messages: which sink and which shard
   */
  ShardWriter(String name, ShardTransactions transactions) {
    this.name = name;
    this.transactions = transactions;
  }

  /**
   * Takes the next record; it is durable after {@link #commit}, or was so before.
   *
   * @param before the state's progress without this record
   * @return the progress with it
   * @throws IOException when Kafka does not take it
   * @throws IllegalStateException when what Kafka has is not what the state knows of
   */
  Progress write(Progress before, byte[] key, byte[] value) throws IOException {
    if (reached == null) {
      reached = recover(before);
    }
    Progress after = before.then(key, value);
    if (after.count() <= reached.count()) {
      if (after.count() == reached.count() && !after.equals(reached)) {
        throw otherRecords();
      }
      return after;
    }
    if (!before.equals(reached)) {
      throw before.count() == reached.count() ? otherRecords() : behind(before, reached);
    }
    if (open == 0) {
      transactions.begin();
    }
    transactions.send(key, value);
    reached = after;
    open++;
    if (open == LONGEST_TRANSACTION) {
      commit();
    }
    return after;
  }

  /**
   * Returns when all that was taken is durable. What Kafka is ahead need not be passed over by
   * then: after a failure the runner gives what several checkpoints hold in as many bundles, one
   * after the other.
   */
  void commit() throws IOException {
    if (open > 0 && reached != null) {
      transactions.commit(reached);
      open = 0;
    }
  }

  private Progress recover(Progress state) throws IOException {
    Progress committed = transactions.recover();
    if (committed == null) {
      if (state.count() > 0) {
        // A broker forgets an offset that was not committed for a week, by default.
        LOG.warn(
            "{}: found no committed progress, expected {} records; going on from the state",
            name,
            state.count());
      }
      return state;
    }
    if (committed.count() < state.count()) {
      throw behind(state, committed);
    }
    if (committed.count() == state.count() && !committed.equals(state)) {
      throw otherRecords();
    }
    if (committed.count() > state.count()) {
      LOG.info(
          "{}: {} records were written after the checkpoint, and are not written again",
          name,
          committed.count() - state.count());
    }
    return committed;
  }

  private IllegalStateException behind(Progress state, Progress committed) {
    return new IllegalStateException(
        "%s: found %d records committed, expected the %d of the state or more: Kafka lost what it had acknowledged, or this is not the cluster that was written to; restore what is right, or give the sink another sinkId, which may repeat records"
            .formatted(name, committed.count(), state.count()));
  }

  private IllegalStateException otherRecords() {
    return new IllegalStateException(
        "%s: found other records written than those that are to be written again, expected the same: was the pipeline started without its newest checkpoint, or does another one use this sinkId? Start from the newest, or give the sink another sinkId, which may repeat records"
            .formatted(name));
  }

  @Override
  public void close() {
    transactions.close();
  }
}
