package dev.millrace.transforms.deliver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import dev.millrace.transforms.telemetry.StageCounter;
import dev.millrace.transforms.transport.RedisAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes the hashes of a bundle, many at a time, and gives out no event. */
final class StoreStep implements EventStep {

  private static final int MOST_AT_ONCE = 500;

  private record Waiting(Event event, Instant timestamp, BoundedWindow window) {}

  private final RedisAccess access;
  private final KeyPattern key;
  private final List<Column> columns;
  private final Duration expiry;
  private final Duration patience;
  private final int maxBytes;
  private final StageCounter stored = StageCounter.of("deliver", "stored");
  private transient List<Waiting> waiting;
  private transient List<HashUpdate> updates;
  private transient @Nullable HashWriter writer;

  @SuppressWarnings("NullAway.Init") // made on the worker
  StoreStep(
      RedisAccess access,
      KeyPattern key,
      List<Column> columns,
      Duration expiry,
      Duration patience,
      int maxBytes) {
    this.access = access;
    this.key = key;
    this.columns = columns;
    this.expiry = expiry;
    this.patience = patience;
    this.maxBytes = maxBytes;
  }

  @Override
  public void setUp() {
    waiting = new ArrayList<>();
    updates = new ArrayList<>();
    writer = new HashWriter(access, patience);
  }

  @Override
  public void startBundle() {
    waiting.clear();
    updates.clear();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    Column missing = key.missing(event);
    if (missing != null) {
      String message = "%s: found null, expected what names its hash".formatted(missing.name());
      out.deadLetter(undeliverable(event, message), timestamp, window);
      return;
    }
    HashUpdate update = update(event);
    if (update.bytes() > maxBytes) {
      String message =
          "found a hash of %,d bytes, expected at most %,d".formatted(update.bytes(), maxBytes);
      out.deadLetter(undeliverable(event, message), timestamp, window);
      return;
    }
    waiting.add(new Waiting(event, timestamp, window));
    updates.add(update);
    if (updates.size() >= MOST_AT_ONCE) {
      write(out);
    }
  }

  private HashUpdate update(Event event) {
    HashUpdate update = new HashUpdate(key.name(event), event.time(), expiry);
    update.set("event_id", new String(event.idUtf8(), UTF_8));
    for (Column column : columns) {
      if (column.isNull(event)) {
        update.remove(column.name());
      } else {
        update.set(column.name(), column.text(event));
      }
    }
    return update;
  }

  @Override
  public void drain(Outlet out) throws IOException {
    write(out);
  }

  @Override
  public void finish(Outlet out) throws IOException {
    write(out);
  }

  private void write(Outlet out) throws IOException {
    if (updates.isEmpty() || writer == null) {
      return;
    }
    List<@Nullable String> refusals = writer.write(updates);
    for (int i = 0; i < refusals.size(); i++) {
      String refusal = refusals.get(i);
      if (refusal == null) {
        stored.inc();
      } else {
        Waiting one = waiting.get(i);
        out.deadLetter(undeliverable(one.event, refusal), one.timestamp, one.window);
      }
    }
    waiting.clear();
    updates.clear();
  }

  private static DeadLetter undeliverable(Event event, String message) {
    return DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, null);
  }

  @Override
  public void tearDown() {
    if (writer != null) {
      writer.close();
    }
  }
}
