package dev.millrace.transforms.inference;

import dev.millrace.models.Lease;
import dev.millrace.models.Model;
import dev.millrace.models.ModelException;
import dev.millrace.models.ModelHandler;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.PredictionException;
import dev.millrace.models.SharedModels;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.telemetry.StageCounter;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Gathers events of a bundle and asks the model about many at a time. */
final class InferenceFn<InT, OutT> extends DoFn<Event, Event> {

  private record Waiting<InT>(Event event, InT input, Instant timestamp, BoundedWindow window) {}

  /** Where answers go: a bundle's end has another receiver than its middle. */
  private interface Receiver {
    void answer(Event event, Instant timestamp, BoundedWindow window);

    void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window);
  }

  private static final Duration ANY = Duration.millis(Long.MAX_VALUE);

  private final EventStep first;
  private final ModelHandler<InT, OutT> handler;
  private final ModelBinding<InT, OutT> binding;
  private final EventLayout input;
  private final EventLayout output;
  private final int batchSize;
  private final TupleTag<Event> answered;
  private final TupleTag<DeadLetter> deadLetters;
  private final StageCounter predictions = StageCounter.of("inference", "predictions");
  private final StageCounter failures = StageCounter.of("inference", "unanswered");
  private final Distribution batches = Metrics.distribution("inference", "batchSize");
  private final Distribution micros = Metrics.distribution("inference", "batchMicros");

  private transient Lease<InT, OutT> lease;
  private transient ModelBinding.Bound<InT, OutT> bound;
  private transient EventBuilder builder;
  private transient Column version;
  private transient Column duration;
  private transient List<Waiting<InT>> waiting;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  InferenceFn(
      EventStep first,
      ModelHandler<InT, OutT> handler,
      ModelBinding<InT, OutT> binding,
      EventLayout input,
      EventLayout output,
      int batchSize,
      TupleTag<Event> answered,
      TupleTag<DeadLetter> deadLetters) {
    this.first = first;
    this.handler = handler;
    this.binding = binding;
    this.input = input;
    this.output = output;
    this.batchSize = batchSize;
    this.answered = answered;
    this.deadLetters = deadLetters;
  }

  @Setup
  public void setUp() throws ModelException {
    bound = binding.bind(input, output);
    builder = new EventBuilder(output);
    version = output.column(RunInference.MODEL_VERSION);
    duration = output.column(RunInference.MODEL_MICROS);
    waiting = new ArrayList<>(batchSize);
    lease = SharedModels.acquire(handler);
  }

  @Teardown
  public void tearDown() {
    if (lease != null) {
      lease.close();
    }
  }

  @StartBundle
  public void startBundle() {
    waiting.clear();
  }

  @ProcessElement
  public void process(
      @Element Event incoming,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      MultiOutputReceiver out) {
    Event event;
    try {
      event = first.apply(incoming);
    } catch (RejectedEvent e) {
      out.get(deadLetters).outputWithTimestamp(e.deadLetter(), timestamp);
      return;
    }
    try {
      waiting.add(new Waiting<>(event, bound.input(event), timestamp, window));
    } catch (PredictionException e) {
      out.get(deadLetters).outputWithTimestamp(failed(event, e), timestamp);
    }
    if (waiting.size() >= batchSize) {
      flush(receiver(out));
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    flush(receiver(context));
  }

  private void flush(Receiver receiver) {
    if (!waiting.isEmpty()) {
      ask(waiting, receiver);
      waiting.clear();
    }
  }

  private void ask(List<Waiting<InT>> batch, Receiver receiver) {
    List<InT> inputs = new ArrayList<>(batch.size());
    batch.forEach(one -> inputs.add(one.input));
    Model<InT, OutT> model = lease.model();
    List<OutT> outputs;
    long start = System.nanoTime();
    try {
      outputs = model.predict(inputs);
    } catch (PredictionException e) {
      split(batch, e, receiver);
      return;
    }
    long took = (System.nanoTime() - start) / 1000;
    if (outputs.size() != batch.size()) {
      throw new IllegalStateException(
          "model %s: found %d predictions, expected %d"
              .formatted(model.version(), outputs.size(), batch.size()));
    }
    predictions.inc(batch.size());
    batches.update(batch.size());
    micros.update(took);
    String by = name(model.version());
    for (int i = 0; i < outputs.size(); i++) {
      Waiting<InT> one = batch.get(i);
      builder.extend(one.event);
      try {
        bound.write(outputs.get(i), builder);
      } catch (PredictionException e) {
        builder.clear();
        receiver.deadLetter(failed(one.event, e), one.timestamp, one.window);
        continue;
      }
      builder.setString(version, by);
      builder.setLong(duration, took);
      Event event = builder.build(one.event.id(), one.event.time(), one.event.origin());
      receiver.answer(event, one.timestamp, one.window);
    }
  }

  /** Halves a failed batch, so that only what cannot be answered is lost to it. */
  private void split(List<Waiting<InT>> batch, PredictionException cause, Receiver receiver) {
    if (batch.size() == 1) {
      Waiting<InT> bad = batch.get(0);
      receiver.deadLetter(failed(bad.event, cause), bad.timestamp, bad.window);
    } else {
      int middle = batch.size() / 2;
      ask(batch.subList(0, middle), receiver);
      ask(batch.subList(middle, batch.size()), receiver);
    }
  }

  private DeadLetter failed(Event event, PredictionException cause) {
    failures.inc();
    return DeadLetter.failed(
            Stage.INFER, event, Reason.INFERENCE_FAILED, String.valueOf(cause.getMessage()), cause)
        .withModelVersion(name(lease.model().version()));
  }

  private static String name(ModelVersion version) {
    return version.name() + "/" + version.version();
  }

  private Receiver receiver(MultiOutputReceiver out) {
    return new Receiver() {
      @Override
      public void answer(Event event, Instant timestamp, BoundedWindow window) {
        out.get(answered).outputWithTimestamp(event, timestamp);
      }

      @Override
      public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
        out.get(deadLetters).outputWithTimestamp(letter, timestamp);
      }
    };
  }

  private Receiver receiver(FinishBundleContext context) {
    return new Receiver() {
      @Override
      public void answer(Event event, Instant timestamp, BoundedWindow window) {
        context.output(event, timestamp, window);
      }

      @Override
      public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
        context.output(deadLetters, letter, timestamp, window);
      }
    };
  }

  /**
   * An event that waited is emitted while a later one is processed. Nothing becomes late by it: a
   * runner holds the watermark for the elements of a running bundle.
   */
  @Override
  @SuppressWarnings("deprecation") // there is no other way to say so
  public Duration getAllowedTimestampSkew() {
    return ANY;
  }
}
