package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.Record;

/** How the records of one shard come, in their order. Not thread-safe, and waits for nothing. */
interface ShardFeed {

  /**
   * What came at once.
   *
   * @param reached the sequence number behind which the next begins; null where there is none new
   * @param newestAt the time to which the shard had been read, in milliseconds
   * @param isLast whether the shard was closed, and this is its end
   */
  record Batch(List<Record> records, @Nullable String reached, long newestAt, boolean isLast) {}

  /**
   * What has come, or null when nothing has yet.
   *
   * @throws IOException when the shard cannot be read, and it does not look as if that would pass
   */
  @Nullable Batch next() throws IOException;

  /** Gives up what is under way. */
  void close();
}
