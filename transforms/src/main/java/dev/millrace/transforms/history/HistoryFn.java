package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.FunctionOutlet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The keyed step. Its subclasses differ in the order in which they are fed, and in expiry. */
abstract class HistoryFn extends DoFn<KV<byte[], HistoryInput>, Event> {

  final KeyedWork work;
  private final TupleTag<Event> output;
  private final TupleTag<DeadLetter> deadLetters;
  private transient FunctionOutlet outlet;
  private transient boolean isUp;

  @SuppressWarnings("NullAway.Init") // the outlet is made on the worker
  HistoryFn(KeyedWork work, TupleTag<Event> output, TupleTag<DeadLetter> deadLetters) {
    this.work = work;
    this.output = output;
    this.deadLetters = deadLetters;
  }

  @Setup
  public void setUp() throws Exception {
    outlet = new FunctionOutlet(output, deadLetters);
    work.setUp();
    isUp = true;
  }

  /** Spark's runner goes on with a function that it has torn down, which it does at each key. */
  @StartBundle
  public void startBundle() throws Exception {
    if (!isUp) {
      setUp();
    }
    work.startBundle();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws IOException {
    work.finishBundle(outlet.atEnd(context));
  }

  @Teardown
  public void tearDown() {
    isUp = false;
    work.tearDown();
  }

  /** Updates {@code state}, which holds {@code stored}, with one record. */
  void update(
      HistoryInput input,
      Instant at,
      @Nullable HistoryState stored,
      ValueState<HistoryState> state,
      long now,
      BoundedWindow window,
      MultiOutputReceiver receiver)
      throws IOException {
    HistoryState changed = work.process(input, at, window, stored, now, outlet.during(receiver));
    if (changed != null) {
      state.write(changed);
    }
  }

  /**
   * Bounded, in time order; of equal times, in the order of the source, which no runner's sort
   * keeps. So records wait until one of a later time comes, or none any more. State lives only as
   * long as the run.
   */
  static final class TimeSorted extends HistoryFn {
    private static final Comparator<HistoryInput> AS_IN_THE_SOURCE =
        Comparator.comparing((HistoryInput input) -> input.record().origin().source())
            .thenComparing(input -> input.record().origin().partition())
            .thenComparing(input -> input.record().origin().position())
            .thenComparing(HistoryInput::source);

    @StateId("history")
    private final StateSpec<ValueState<HistoryState>> spec =
        StateSpecs.value(HistoryState.Coder.of());

    @StateId("sameTime")
    private final StateSpec<ValueState<List<HistoryInput>>> sameTimeSpec;

    @TimerId("noMore")
    private final TimerSpec timer = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    TimeSorted(KeyedWork work, TupleTag<Event> output, TupleTag<DeadLetter> deadLetters) {
      super(work, output, deadLetters);
      sameTimeSpec =
          StateSpecs.value(
              ListCoder.of(
                  HistoryInput.Coder.of(work.settings().events(), work.settings().labels())));
    }

    @ProcessElement
    @RequiresTimeSortedInput
    public void process(
        @Element KV<byte[], HistoryInput> element,
        @Timestamp Instant timestamp,
        @StateId("history") ValueState<HistoryState> state,
        @StateId("sameTime") ValueState<List<HistoryInput>> sameTime,
        @TimerId("noMore") Timer noMore,
        BoundedWindow window,
        MultiOutputReceiver out)
        throws IOException {
      HistoryInput input = element.getValue();
      List<HistoryInput> waiting = sameTime.read();
      if (waiting == null) {
        waiting = List.of();
      }
      if (!waiting.isEmpty() && waiting.get(0).record().time() != input.record().time()) {
        update(waiting, state, window, out);
        waiting = List.of();
      }
      List<HistoryInput> now = new ArrayList<>(waiting);
      now.add(input);
      sameTime.write(now);
      noMore.withOutputTimestamp(timestamp).set(timestamp);
    }

    @OnTimer("noMore")
    public void noMore(
        @StateId("history") ValueState<HistoryState> state,
        @StateId("sameTime") ValueState<List<HistoryInput>> sameTime,
        BoundedWindow window,
        MultiOutputReceiver out)
        throws IOException {
      List<HistoryInput> waiting = sameTime.read();
      if (waiting != null) {
        update(waiting, state, window, out);
        sameTime.clear();
      }
    }

    private void update(
        List<HistoryInput> waiting,
        ValueState<HistoryState> state,
        BoundedWindow window,
        MultiOutputReceiver out)
        throws IOException {
      for (HistoryInput input : waiting.stream().sorted(AS_IN_THE_SOURCE).toList()) {
        update(input, at(input), state.read(), state, 0, window, out);
      }
    }

    /** In time order, an element's timestamp is its event time. */
    private static Instant at(HistoryInput input) {
      return Instant.ofEpochMilli(input.record().time());
    }
  }

  /** Bounded, as it comes. */
  static final class Arriving extends HistoryFn {
    @StateId("history")
    private final StateSpec<ValueState<HistoryState>> spec =
        StateSpecs.value(HistoryState.Coder.of());

    Arriving(KeyedWork work, TupleTag<Event> output, TupleTag<DeadLetter> deadLetters) {
      super(work, output, deadLetters);
    }

    @ProcessElement
    public void process(
        @Element KV<byte[], HistoryInput> input,
        @Timestamp Instant timestamp,
        @StateId("history") ValueState<HistoryState> state,
        BoundedWindow window,
        MultiOutputReceiver out)
        throws IOException {
      update(input.getValue(), timestamp, state.read(), state, 0, window, out);
    }
  }

  /** Unbounded, as it comes; an idle key's state is dropped in the end. */
  static final class Expiring extends HistoryFn {
    @StateId("history")
    private final StateSpec<ValueState<HistoryState>> spec =
        StateSpecs.value(HistoryState.Coder.of());

    @TimerId("expiry")
    private final TimerSpec timer = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    Expiring(KeyedWork work, TupleTag<Event> output, TupleTag<DeadLetter> deadLetters) {
      super(work, output, deadLetters);
    }

    @ProcessElement
    public void process(
        @Element KV<byte[], HistoryInput> input,
        @Timestamp Instant timestamp,
        @StateId("history") ValueState<HistoryState> state,
        @TimerId("expiry") Timer expiry,
        BoundedWindow window,
        MultiOutputReceiver out)
        throws IOException {
      HistoryState stored = state.read();
      long now = expiry.getCurrentRelativeTime().getMillis();
      update(input.getValue(), timestamp, stored, state, now, window, out);
      if (stored == null) {
        arm(expiry, work.firstExpiry(Arrays.hashCode(input.getKey())));
      }
    }

    @OnTimer("expiry")
    public void expire(
        @StateId("history") ValueState<HistoryState> state, @TimerId("expiry") Timer expiry) {
      HistoryState stored = state.read();
      if (stored == null) {
        return;
      }
      long left = work.expiry(stored, expiry.getCurrentRelativeTime().getMillis());
      if (left <= 0) {
        state.clear();
      } else {
        arm(expiry, left);
      }
    }

    private static void arm(Timer expiry, long millis) {
      // No output timestamp: expiry emits nothing and must not hold the watermark.
      expiry.withNoOutputTimestamp().offset(org.joda.time.Duration.millis(millis)).setRelative();
    }
  }

  /**
   * What waited, for records of the same time or for others to be asked about with it, is emitted
   * while a later record is processed. Nothing becomes late by it: a runner holds the watermark for
   * the elements of a running bundle, and nothing is late in a bounded run.
   */
  @Override
  @SuppressWarnings("deprecation") // there is no other way to say so
  public org.joda.time.Duration getAllowedTimestampSkew() {
    return org.joda.time.Duration.millis(Long.MAX_VALUE);
  }
}
