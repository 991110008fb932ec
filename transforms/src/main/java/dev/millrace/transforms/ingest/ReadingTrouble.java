package dev.millrace.transforms.ingest;

import dev.millrace.transforms.transport.KinesisFailure;
import dev.millrace.transforms.transport.KinesisStream;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/**
 * What to do when Kinesis does not give what it was asked for: to ask again, for a minute at most.
 * A shard that is too busy is asked for as long as it takes.
 */
final class ReadingTrouble {

  /** How long before it is asked again. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ReadingTrouble.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long NONE = Long.MAX_VALUE;

  private final KinesisStream stream;
  private final String what;
  private long since = NONE;

  /**
   * @param what is asked for, for people
   */
  ReadingTrouble(KinesisStream stream, String what) {
    this.stream = stream;
    this.what = what;
  }

  /** There was an answer. */
  void over() {
    since = NONE;
  }

  /**
   * There was none.
   *
   * @throws IOException when to ask again is of no use
   */
  void met(Throwable failure, long now) throws IOException {
    if (KinesisFailure.isThrottling(failure)) {
      LOG.info("Kinesis {}, {}: too busy, asked again", stream, what);
      return;
    }
    since = Math.min(since, now);
    String said = KinesisFailure.of("%s, %s".formatted(stream, what), stream.access(), failure);
    if (KinesisFailure.cause(failure) instanceof ResourceNotFoundException
        || now - since > PATIENCE.toMillis()) {
      throw new IOException(said, failure);
    }
    LOG.warn("{}; asked again", said);
  }
}
