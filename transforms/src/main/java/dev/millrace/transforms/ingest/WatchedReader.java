package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.FileWatch.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files one after the other, the oldest first, and looks for more by a thread of its own: no
 * call waits for a look, which in an object store takes its time. The watermark is the time at
 * which the oldest file was found that is still to be read, or the last look began.
 *
 * <p>What can never be read of a file is given as a record with a fault, in its place, and counted
 * as one; a store that does not answer fails the reader, which then goes on from its mark.
 */
final class WatchedReader extends UnboundedSource.UnboundedReader<List<RawRecord>> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedReader.class);

  /** What a runner does for an element of a source, it does once for so many records. */
  private static final int RECORDS_AT_ONCE = 1_000;

  /** Fewer than that where they, or what there is of damaged parts, are large. */
  private static final long BYTES_AT_ONCE = 4 << 20;

  private record Found(String file, String version, long at) {}

  private final Counter files = Metrics.counter("ingest", "filesRead");
  private final Counter faults = Metrics.counter("ingest", "damaged");
  private final WatchedSource source;
  private final LongSupplier clock;
  private final Map<String, String> done;
  private final Deque<Found> pending = new ArrayDeque<>();
  private Map<String, Seen> before = Map.of();
  private @Nullable CompletableFuture<Map<String, Seen>> look;
  private long lookBegan;
  private long lookDue;
  private long lookedAt = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private String trouble = "";

  private @Nullable Found current;
  private @Nullable RecordStream open;
  private long records;
  private long damaged;

  /** Found where records were read before: an earlier version took what could be had of it. */
  private @Nullable DamagedException untold;

  /** What it had is not there: told again after a restart, and so not counted as read. */
  private boolean missing;

  private List<RawRecord> batch = List.of();
  private long watermark;

  WatchedReader(WatchedSource source, @Nullable WatchMark mark, LongSupplier clock) {
    this.source = source;
    this.clock = clock;
    this.done = new HashMap<>(mark == null ? Map.of() : mark.done());
    this.watermark =
        mark == null ? BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() : mark.watermark();
    if (mark != null && !mark.file().isEmpty()) {
      current = new Found(mark.file(), mark.version(), mark.watermark());
      records = mark.records();
      damaged = mark.damaged();
    }
  }

  @Override
  public boolean start() throws IOException {
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    look();
    while (current != null || !pending.isEmpty()) {
      Found file = current == null ? pending.remove() : current;
      current = file;
      if (open == null && records > 0 && isChanged(file)) {
        LOG.warn("{}: found it changed after record {}; it is read again", file.file, records);
        finish(file);
        continue;
      }
      if (open == null) {
        open = opened(file, records, damaged);
      }
      batch = read(file, open);
      if (!batch.isEmpty()) {
        return true;
      }
      if (damaged > 0 && !missing) {
        LOG.warn("{}: read to its end, but for {} parts, a dead letter each", file.file, damaged);
      } else if (!missing) {
        LOG.info("{}: {} records read, to its end", file.file, records);
      }
      files.inc();
      finish(file);
    }
    return false;
  }

  private void finish(Found file) throws IOException {
    done.put(file.file, file.version);
    close();
    current = null;
    records = 0;
    damaged = 0;
    missing = false;
    untold = null;
  }

  /** Whether what a mark says of it is of other content. */
  private boolean isChanged(Found file) throws IOException {
    Seen now = source.watch().look().get(file.file);
    return now != null && !now.version().equals(file.version);
  }

  /** Behind the records that were read of it before. */
  private RecordStream opened(Found file, long skipped, long told) throws IOException {
    RecordStream stream;
    try {
      stream = source.opening().open(file.file);
    } catch (IOException e) {
      if (source.watch().look().containsKey(file.file)) {
        throw e;
      }
      missing = true;
      return new BrokenStream(skipped, DamagedException.gone(e));
    }
    long met = 0;
    for (long i = 0; i < skipped; i++) {
      try {
        if (FileOpening.next(file.file, stream) == null) {
          stream.close();
          missing = true;
          return new BrokenStream(skipped, DamagedException.shorter(i, skipped));
        }
      } catch (DamagedException e) {
        if (++met > told) {
          untold = e;
          records = i;
          return stream;
        }
      }
    }
    return stream;
  }

  private List<RawRecord> read(Found file, RecordStream from) throws IOException {
    List<RawRecord> read = new ArrayList<>();
    long bytes = 0;
    while (read.size() < RECORDS_AT_ONCE && bytes < BYTES_AT_ONCE) {
      RawRecord next = next(file, from);
      if (next == null) {
        break;
      }
      read.add(next);
      bytes += next.payload().length;
    }
    records += missing ? 0 : read.size();
    return read;
  }

  private @Nullable RawRecord next(Found file, RecordStream from) throws IOException {
    try {
      DamagedException first = untold;
      if (first != null) {
        untold = null;
        throw first;
      }
      byte[] payload = FileOpening.next(file.file, from);
      return payload == null ? null : record(file, from, payload);
    } catch (DamagedException e) {
      faults.inc();
      if (missing || damaged == 0) {
        LOG.warn("{}; a dead letter says so, and the stream goes on", e.message());
      }
      damaged += missing ? 0 : 1;
      return record(file, from, e.bytes()).withFault(new RawRecord.Fault(e.reason(), e.message()));
    }
  }

  private static RawRecord record(Found file, RecordStream from, byte[] payload) {
    Origin origin = new Origin("files", file.file, 0, from.position());
    return new RawRecord(origin, file.at, null, payload);
  }

  private void look() {
    long now = clock.getAsLong();
    if (look == null && now >= lookDue) {
      lookBegan = now;
      lookDue = now + source.watch().every().toMillis();
      look =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return source.watch().look();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              work -> {
                Thread thread = new Thread(work, "look for " + source.watch().pattern());
                thread.setDaemon(true);
                thread.start();
              });
    }
    if (look != null && look.isDone()) {
      CompletableFuture<Map<String, Seen>> answer = look;
      look = null;
      try {
        take(answer.join());
        lookedAt = lookBegan;
        trouble = "";
      } catch (CompletionException e) {
        tell(String.valueOf(e.getCause()));
      }
    }
  }

  /** Whether what a look found is still to be taken. */
  boolean isLooking() {
    return look != null;
  }

  private void take(Map<String, Seen> now) {
    done.keySet().retainAll(now.keySet());
    now.forEach(
        (file, seen) -> {
          String read = done.get(file);
          if (!seen.version().equals(read) && !isWaiting(file) && isWhole(file, seen)) {
            if (read != null) {
              LOG.warn("{}: found it changed after it was read; it is read again", file);
            }
            pending.add(new Found(file, seen.version(), lookBegan));
          }
        });
    before = now;
  }

  private boolean isWaiting(String file) {
    return (current != null && current.file.equals(file))
        || pending.stream().anyMatch(each -> each.file.equals(file));
  }

  private boolean isWhole(String file, Seen seen) {
    long age = source.watch().every().toMillis();
    return seen.equals(before.get(file))
        || (seen.modified() > 0 && lookBegan - seen.modified() > age);
  }

  /** Once, until it is another trouble or over. */
  private void tell(String found) {
    if (!found.equals(trouble)) {
      trouble = found;
      LOG.warn("files '{}': found no answer ({}); asked again", source.watch().pattern(), found);
    }
  }

  @Override
  public List<RawRecord> getCurrent() {
    if (batch.isEmpty()) {
      throw new NoSuchElementException();
    }
    return batch;
  }

  @Override
  public Instant getCurrentTimestamp() {
    return Instant.ofEpochMilli(getCurrent().get(0).timestamp());
  }

  @Override
  public Instant getWatermark() {
    Found oldest = current == null ? pending.peek() : current;
    watermark = Math.max(watermark, oldest == null ? lookedAt : oldest.at);
    return Instant.ofEpochMilli(watermark);
  }

  @Override
  public WatchMark getCheckpointMark() {
    long now = getWatermark().getMillis();
    return current == null
        ? new WatchMark(now, done, "", "", 0, 0)
        : new WatchMark(now, done, current.file, current.version, records, damaged);
  }

  @Override
  public WatchedSource getCurrentSource() {
    return source;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
