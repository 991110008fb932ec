package dev.millrace.transforms.transport.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Keeps the records of a window and shard until the watermark has passed the window, and writes
 * them to a file. Nothing is remembered of a window that was written: what comes later begins as it
 * did, and waits by the watermark for others, not to be a file by itself.
 */
final class FileFn extends DoFn<KV<KV<Long, Integer>, KV<byte[], byte[]>>, Void> {

  private static final long MOST_LATE_MILLIS = 60_000;

  /** As many digits as make two contents of one window and shard the same by chance never. */
  private static final int DIGITS = 16;

  @StateId("records")
  private final StateSpec<BagState<KV<byte[], byte[]>>> records =
      StateSpecs.bag(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()));

  /** Of the records that wait; null when none does. */
  @StateId("bytes")
  private final StateSpec<ValueState<Long>> bytes = StateSpecs.value(VarLongCoder.of());

  @TimerId("over")
  private final TimerSpec over = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final FileNames names;
  private final WrittenFormat format;
  private final String schema;
  private final long largest;

  /**
   * @param largest how many bytes of records are a file before their time
   */
  FileFn(FileNames names, WrittenFormat format, String schema, long largest) {
    this.names = names;
    this.format = format;
    this.schema = schema;
    this.largest = largest;
  }

  @ProcessElement
  public void keep(
      @Element KV<KV<Long, Integer>, KV<byte[], byte[]>> element,
      @StateId("records") BagState<KV<byte[], byte[]>> records,
      @StateId("bytes") ValueState<Long> bytes,
      @TimerId("over") Timer over)
      throws IOException {
    KV<byte[], byte[]> record = element.getValue();
    Long before = bytes.read();
    if (before == null) {
      over.set(due(element.getKey().getKey(), over.getCurrentRelativeTime()));
    }
    records.add(record);
    long now = (before == null ? 0 : before) + record.getKey().length + record.getValue().length;
    bytes.write(now);
    if (now >= largest) {
      write(element.getKey(), records, bytes);
    }
  }

  /** The last moment of the window, or, behind it, when enough will have come late. */
  private Instant due(long start, Instant watermark) {
    Instant last = Instant.ofEpochMilli(names.endOf(start) - 1);
    long late = Math.min(MOST_LATE_MILLIS, names.window().toMillis());
    Instant due = watermark.isAfter(last) ? watermark.plus(Duration.millis(late)) : last;
    Instant latest = GlobalWindow.INSTANCE.maxTimestamp();
    return due.isAfter(latest) ? latest : due;
  }

  @OnTimer("over")
  public void over(
      @Key KV<Long, Integer> key,
      @StateId("records") BagState<KV<byte[], byte[]>> records,
      @StateId("bytes") ValueState<Long> bytes)
      throws IOException {
    if (bytes.read() != null) {
      write(key, records, bytes);
    }
  }

  private void write(
      KV<Long, Integer> key, BagState<KV<byte[], byte[]>> records, ValueState<Long> bytes)
      throws IOException {
    Iterable<KV<byte[], byte[]>> all = records.read();
    String contents = contents(all);
    ResourceId temporary = names.temporary(key.getKey(), key.getValue(), contents);
    WritableByteChannel channel = FileSystems.create(temporary, "application/octet-stream");
    try (OutputStream out = Channels.newOutputStream(new ClosedOnce(channel));
        RecordFile file = format.open(new Schema.Parser().parse(schema), out)) {
      for (KV<byte[], byte[]> record : all) {
        file.write(record.getValue());
      }
    }
    FileSystems.rename(
        List.of(temporary), List.of(names.file(key.getKey(), key.getValue(), contents)));
    records.clear();
    bytes.clear();
  }

  /** The same for the same keys, in whatever order. */
  private static String contents(Iterable<KV<byte[], byte[]>> records) {
    MessageDigest digest = sha256();
    StreamSupport.stream(records.spliterator(), false)
        .map(KV::getKey)
        .sorted(Arrays::compare)
        .forEach(
            key -> {
              digest.update(sha256().digest(key));
            });
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
