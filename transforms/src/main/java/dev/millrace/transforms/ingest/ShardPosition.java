package dev.millrace.transforms.ingest;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;

/**
 * Where in a shard to begin: at its oldest record, at a time, or behind a record. There is no
 * newest record to begin at: a reader that is restored before it has read one would begin at
 * another, and what came between would be lost.
 *
 * @param sequenceNumber null but for behind a record
 * @param at null but for a time
 */
record ShardPosition(@Nullable String sequenceNumber, @Nullable Instant at)
    implements Serializable {

  static final ShardPosition OLDEST = new ShardPosition(null, null);

  static ShardPosition behind(String sequenceNumber) {
    return new ShardPosition(sequenceNumber, null);
  }

  static ShardPosition at(Instant time) {
    return new ShardPosition(null, time);
  }

  GetShardIteratorRequest.Builder of(GetShardIteratorRequest.Builder request) {
    return request.shardIteratorType(type()).startingSequenceNumber(sequenceNumber).timestamp(at);
  }

  StartingPosition toSubscribe() {
    return StartingPosition.builder()
        .type(type())
        .sequenceNumber(sequenceNumber)
        .timestamp(at)
        .build();
  }

  private ShardIteratorType type() {
    if (sequenceNumber != null) {
      return ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    }
    return at == null ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AT_TIMESTAMP;
  }
}
