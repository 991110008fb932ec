package dev.millrace.transforms.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Sends to a Kinesis stream. Of a request Kinesis may take some records and refuse others, for a
 * shard that has too much to do. These are put again, and they only, before what came behind them;
 * and no request has two records of one key. So those of a key stay in their order.
 */
final class KinesisSender extends GatheringSender<PutRecordsRequestEntry> {

  /** Kinesis takes so many in one request. */
  private static final int MOST_RECORDS = 500;

  /** And so much, keys included. */
  private static final int MOST_BYTES = 5 << 20;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final KinesisStream stream;
  private final KinesisAsyncClient client;
  private final Duration patience;

  KinesisSender(KinesisStream stream, KinesisAsyncClient client) {
    this(stream, client, Duration.ofMinutes(1));
  }

  /**
   * @param patience how long records are put again of which Kinesis takes none
   */
  KinesisSender(KinesisStream stream, KinesisAsyncClient client, Duration patience) {
    super(10 * MOST_RECORDS);
    this.stream = stream;
    this.client = client;
    this.patience = patience;
    start("put to " + stream);
  }

  @Override
  PutRecordsRequestEntry outgoing(OutgoingRecord record) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(KinesisStream.partitionKey(record.key()))
        .data(SdkBytes.fromByteArray(record.value()))
        .build();
  }

  /** What stays behind keeps its order, and all of its key stay with it. */
  @Override
  List<PutRecordsRequestEntry> take(Deque<PutRecordsRequestEntry> from) {
    List<PutRecordsRequestEntry> batch = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    long bytes = 0;
    for (int left = from.size(); left > 0; left--) {
      PutRecordsRequestEntry record = from.remove();
      boolean fits = batch.size() < MOST_RECORDS && bytes + bytes(record) <= MOST_BYTES;
      if (keys.add(record.partitionKey()) && (fits || batch.isEmpty())) {
        batch.add(record);
        bytes += bytes(record);
      } else {
        from.add(record);
      }
    }
    return batch;
  }

  /** At most: of a character UTF-8 has three bytes. */
  private static long bytes(PutRecordsRequestEntry record) {
    return record.data().asByteArrayUnsafe().length + 3L * record.partitionKey().length();
  }

  @Override
  void put(List<PutRecordsRequestEntry> batch) throws InterruptedException, IOException {
    List<PutRecordsRequestEntry> left = batch;
    long progress = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      Refused refused = putOnce(left);
      if (refused.records().isEmpty()) {
        return;
      }
      if (refused.records().size() < left.size()) {
        progress = System.nanoTime();
        pause = FIRST_PAUSE;
      } else if (System.nanoTime() - progress > patience.toNanos()) {
        throw new IOException(refused.why());
      }
      left = refused.records();
      Thread.sleep(pause.toMillis());
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  /**
   * What Kinesis did not take, and may later.
   *
   * @param records in their order
   */
  private record Refused(List<PutRecordsRequestEntry> records, String why) {}

  private Refused putOnce(List<PutRecordsRequestEntry> batch)
      throws InterruptedException, IOException {
    PutRecordsResponse answer;
    try {
      answer = client.putRecords(put -> put.streamName(stream.name()).records(batch)).get();
    } catch (ExecutionException e) {
      String why = KinesisFailure.of(stream.toString(), stream.access(), e);
      if (KinesisFailure.passes(e)) {
        return new Refused(batch, why);
      }
      throw new IOException(why, e);
    }
    List<PutRecordsRequestEntry> refused = new ArrayList<>();
    String why = "";
    for (int i = 0; i < batch.size(); i++) {
      PutRecordsResultEntry result = answer.records().get(i);
      if (result.errorCode() != null) {
        refused.add(batch.get(i));
        why =
            "Kinesis %s in %s: found %s (%s), expected it to take records: has it shards enough?"
                .formatted(
                    stream, stream.access().region(), result.errorCode(), result.errorMessage());
      }
    }
    return new Refused(refused, why);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  String told(Exception cause) {
    return cause instanceof IOException
        ? String.valueOf(cause.getMessage())
        : KinesisFailure.of(stream.toString(), stream.access(), cause);
  }

  @Override
  void closeClient() {
    client.close();
  }
}
