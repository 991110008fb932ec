package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Kafka keeps of a shard: the committed records, the progress, and who may write. */
final class FakeShard {

  final List<String> committed = new ArrayList<>();
  @Nullable Progress progress;
  private int epoch;

  /** A writer in a new process. */
  ShardWriter writer() {
    return new ShardWriter("sink s, shard 0", transactions());
  }

  ShardTransactions transactions() {
    return new Transactions();
  }

  private final class Transactions implements ShardTransactions {
    private final List<String> open = new ArrayList<>();
    private int own;

    @Override
    public @Nullable Progress recover() {
      own = ++epoch;
      return progress;
    }

    @Override
    public void begin() {
      open.clear();
    }

    @Override
    public void send(byte[] key, byte[] value) {
      open.add(new String(key, UTF_8));
    }

    @Override
    public void commit(Progress reached) {
      if (own != epoch) {
        throw new IllegalStateException("fenced");
      }
      committed.addAll(open);
      progress = reached;
      open.clear();
    }

    @Override
    public void close() {
      open.clear();
    }
  }
}
