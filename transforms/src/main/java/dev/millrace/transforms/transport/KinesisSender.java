package dev.millrace.transforms.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Sends to a Kinesis stream. A thread of its own puts what waits, as much as one request takes: a
 * record that comes alone leaves at once, and while a request is under way the next gathers.
 *
 * <p>Of a request Kinesis may take some records and refuse others, for a shard that has too much to
 * do. These are put again, and they only, before what came behind them; and no request has two
 * records of one key. So those of a key stay in their order.
 */
final class KinesisSender implements RecordSender {

  /** Kinesis takes so many in one request. */
  static final int MOST_RECORDS = 500;

  /** And so much, keys included. */
  static final int MOST_BYTES = 5 << 20;

  /** Whoever sends more waits: memory is not the place to keep them. */
  private static final int MOST_WAITING = 10 * MOST_RECORDS;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final KinesisStream stream;
  private final KinesisAsyncClient client;
  private final Duration patience;
  private List<PutRecordsRequestEntry> waiting = new ArrayList<>();
  private int underWay;
  private boolean closed;
  private @Nullable IOException failure;

  KinesisSender(KinesisStream stream, KinesisAsyncClient client) {
    this(stream, client, Duration.ofMinutes(1));
  }

  /**
   * @param patience how long records are put again of which Kinesis takes none
   */
  KinesisSender(KinesisStream stream, KinesisAsyncClient client, Duration patience) {
    this.stream = stream;
    this.client = client;
    this.patience = patience;
    Thread putter = new Thread(this::putAll, "put to " + stream);
    putter.setDaemon(true);
    putter.start();
  }

  @Override
  public synchronized void send(OutgoingRecord record) throws IOException {
    check();
    await(() -> waiting.size() < MOST_WAITING);
    waiting.add(
        PutRecordsRequestEntry.builder()
            .partitionKey(KinesisStream.partitionKey(record.key()))
            .data(SdkBytes.fromByteArray(record.value()))
            .build());
    notifyAll();
  }

  @Override
  public synchronized void flush() throws IOException {
    await(() -> waiting.isEmpty() && underWay == 0);
  }

  @Override
  public synchronized void check() throws IOException {
    IOException found = failure;
    if (found != null) {
      throw new IOException(found.getMessage() + "; the bundle is tried again", found);
    }
  }

  @Override
  public synchronized void close() {
    // What is under way ends by the client's own limits; to interrupt it would interrupt closing
    // it.
    closed = true;
    notifyAll();
  }

  /** Until it is so, or putting has failed. */
  private synchronized void await(BooleanSupplier condition) throws IOException {
    try {
      while (!condition.getAsBoolean() && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while Kinesis was written to");
    }
    check();
  }

  private void putAll() {
    try (client) {
      for (List<PutRecordsRequestEntry> batch = next(); !batch.isEmpty(); batch = next()) {
        put(batch);
        done();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failed(e);
    } catch (RuntimeException e) {
      failed(new IOException(KinesisFailure.of(stream.toString(), stream.access(), e), e));
    }
  }

  /** What is to be put together; empty when the sender was closed. */
  private synchronized List<PutRecordsRequestEntry> next() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    List<PutRecordsRequestEntry> batch = new ArrayList<>();
    List<PutRecordsRequestEntry> rest = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    long bytes = 0;
    for (PutRecordsRequestEntry record : waiting) {
      boolean fits = batch.size() < MOST_RECORDS && bytes + bytes(record) <= MOST_BYTES;
      if (closed || !keys.add(record.partitionKey()) || !(fits || batch.isEmpty())) {
        rest.add(record);
      } else {
        batch.add(record);
        bytes += bytes(record);
      }
    }
    waiting = rest;
    underWay = batch.size();
    return batch;
  }

  /** At most: of a character UTF-8 has three bytes. */
  private static long bytes(PutRecordsRequestEntry record) {
    return record.data().asByteArrayUnsafe().length + 3L * record.partitionKey().length();
  }

  /** Until Kinesis has them all, or the sender was closed. */
  private void put(List<PutRecordsRequestEntry> batch) throws InterruptedException, IOException {
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
      if (isClosedWithin(pause)) {
        return;
      }
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

  private synchronized boolean isClosedWithin(Duration pause) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return closed;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private synchronized void done() {
    underWay = 0;
    notifyAll();
  }

  private synchronized void failed(IOException cause) {
    failure = cause;
    notifyAll();
  }
}
