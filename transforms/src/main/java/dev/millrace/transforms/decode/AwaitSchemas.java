package dev.millrace.transforms.decode;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.RawRecordCoder;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.telemetry.StageCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TimestampedValue.TimestampedValueCoder;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds records by the schema that they wait for, and asks again by a timer. When there is an
 * answer it emits what they become, in the order in which they came, and forgets the key.
 *
 * <p>The timer's output timestamp is that of the earliest record that waits: it holds the watermark
 * there, and it is also the least timestamp that may be emitted when the timer fires. The timer is
 * never cleared, only set again, and one that fires for a key where nothing waits does nothing.
 */
final class AwaitSchemas extends DoFn<KV<String, RawRecord>, Event> {

  private static final Logger LOG = LoggerFactory.getLogger(AwaitSchemas.class);

  private final Decoding decoding;
  private final Duration patience;
  private final long mostBytes;
  private final StageCounter waiting = StageCounter.of("decode", "waiting");
  private final StageCounter waited = StageCounter.of("decode", "waited");

  @StateId("records")
  private final StateSpec<BagState<TimestampedValue<RawRecord>>> recordsSpec =
      StateSpecs.bag(TimestampedValueCoder.of(RawRecordCoder.of()));

  @StateId("queue")
  private final StateSpec<ValueState<WaitingQueue>> queueSpec =
      StateSpecs.value(WaitingQueue.Coder.of());

  @TimerId("ask")
  private final TimerSpec askSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  AwaitSchemas(Decoding decoding, Duration patience, long mostBytes) {
    this.decoding = decoding;
    this.patience = patience;
    this.mostBytes = mostBytes;
  }

  @Setup
  public void open() {
    decoding.open();
  }

  @ProcessElement
  public void process(
      @Element KV<String, RawRecord> element,
      @Timestamp Instant timestamp,
      @StateId("records") BagState<TimestampedValue<RawRecord>> records,
      @StateId("queue") ValueState<WaitingQueue> state,
      @TimerId("ask") Timer timer) {
    RawRecord record = element.getValue();
    long now = timer.getCurrentRelativeTime().getMillis();
    WaitingQueue before = state.read();
    if (before != null && before.bytes() > mostBytes) {
      decoding.awaitSchema(record, patience);
    }
    WaitingQueue queue = before == null ? WaitingQueue.startingAt(now) : before;
    queue = queue.with(timestamp.getMillis(), record.payload().length);
    // Set again only for an earlier record: a later one may not hold the watermark below itself.
    if (before == null || queue.earliest() < before.earliest()) {
      set(timer, queue, now);
    }
    records.add(TimestampedValue.of(record, timestamp));
    state.write(queue);
    waiting.inc();
  }

  @OnTimer("ask")
  public void ask(
      @Key String key,
      @StateId("records") BagState<TimestampedValue<RawRecord>> records,
      @StateId("queue") ValueState<WaitingQueue> state,
      @TimerId("ask") Timer timer,
      OnTimerContext context) {
    WaitingQueue queue = state.read();
    if (queue == null) {
      return;
    }
    awaitDue(queue, timer);
    Iterator<TimestampedValue<RawRecord>> all = records.read().iterator();
    List<TimestampedValue<RawRecord>> left = new ArrayList<>();
    long gone = 0;
    while (left.isEmpty() && all.hasNext()) {
      TimestampedValue<RawRecord> each = all.next();
      try {
        decoding.emit(each.getValue(), each.getTimestamp(), context);
        gone++;
      } catch (SchemaSourceUnavailableException e) {
        left.add(each);
      }
    }
    decoding.tell();
    all.forEachRemaining(left::add);
    waited.inc(gone);
    long now = timer.getCurrentRelativeTime().getMillis();
    if (left.isEmpty()) {
      LOG.info("{}: {} records go on after {} ms", key, gone, now - queue.since());
      records.clear();
      state.clear();
      return;
    }
    if (gone > 0) {
      records.clear();
      left.forEach(records::add);
    }
    WaitingQueue rest = queue.askedAt(now);
    set(timer, rest, now);
    state.write(rest);
  }

  private static void set(Timer timer, WaitingQueue queue, long now) {
    timer
        .withOutputTimestamp(Instant.ofEpochMilli(queue.earliest()))
        .offset(org.joda.time.Duration.millis(Math.max(0, queue.due() - now)))
        .setRelative();
  }

  /** Flink fires all timers at once, and again and again, when a stream ends. */
  private static void awaitDue(WaitingQueue queue, Timer timer) {
    long early = queue.due() - timer.getCurrentRelativeTime().getMillis();
    if (early > 0) {
      try {
        TimeUnit.MILLISECONDS.sleep(early);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
