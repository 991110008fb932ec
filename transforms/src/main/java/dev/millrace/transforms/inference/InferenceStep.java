package dev.millrace.transforms.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.millrace.transforms.step.Outlet;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gathers events of a bundle, as they are there, and asks the model about many at a time. */
final class InferenceStep<InT, OutT> implements EventStep {

  private record Waiting<InT>(Event event, InT input, Instant timestamp, BoundedWindow window) {}

  private final ModelHandler<InT, OutT> handler;
  private final ModelBinding<InT, OutT> binding;
  private final EventLayout input;
  private final EventLayout output;
  private final int batchSize;
  private final StageCounter predictions = StageCounter.of("inference", "predictions");
  private final StageCounter failures = StageCounter.of("inference", "unanswered");
  private final Distribution batches = Metrics.distribution("inference", "batchSize");
  private final Distribution micros = Metrics.distribution("inference", "batchMicros");

  private transient @Nullable Lease<InT, OutT> lease;
  private transient ModelBinding.Bound<InT, OutT> bound;
  private transient EventBuilder builder;
  private transient Column version;
  private transient Column duration;
  private transient List<Waiting<InT>> waiting;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  InferenceStep(
      ModelHandler<InT, OutT> handler,
      ModelBinding<InT, OutT> binding,
      EventLayout input,
      EventLayout output,
      int batchSize) {
    this.handler = handler;
    this.binding = binding;
    this.input = input;
    this.output = output;
    this.batchSize = batchSize;
  }

  @Override
  public void setUp() throws ModelException {
    bound = binding.bind(input, output);
    builder = new EventBuilder(output);
    version = output.column(RunInference.MODEL_VERSION);
    duration = output.column(RunInference.MODEL_MICROS);
    waiting = new ArrayList<>(batchSize);
    lease = SharedModels.acquire(handler);
  }

  @Override
  public void tearDown() {
    if (lease != null) {
      lease.close();
    }
  }

  @Override
  public void startBundle() {
    waiting.clear();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    try {
      waiting.add(new Waiting<>(event, bound.input(event), timestamp, window));
    } catch (PredictionException e) {
      out.deadLetter(failed(event, e), timestamp, window);
    }
    if (waiting.size() >= batchSize) {
      drain(out);
    }
  }

  @Override
  public void drain(Outlet out) throws IOException {
    if (!waiting.isEmpty()) {
      ask(waiting, out);
      waiting.clear();
    }
  }

  @Override
  public void finish(Outlet out) throws IOException {
    drain(out);
  }

  private void ask(List<Waiting<InT>> batch, Outlet out) throws IOException {
    List<InT> inputs = new ArrayList<>(batch.size());
    batch.forEach(one -> inputs.add(one.input));
    Model<InT, OutT> model = model();
    List<OutT> outputs;
    long start = System.nanoTime();
    try {
      outputs = model.predict(inputs);
    } catch (PredictionException e) {
      split(batch, e, out);
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
    byte[] by = name(model.version()).getBytes(UTF_8);
    for (int i = 0; i < outputs.size(); i++) {
      Waiting<InT> one = batch.get(i);
      builder.extend(one.event);
      try {
        bound.write(outputs.get(i), builder);
      } catch (PredictionException e) {
        builder.clear();
        out.deadLetter(failed(one.event, e), one.timestamp, one.window);
        continue;
      }
      builder.setBytes(version, by, 0, by.length);
      builder.setLong(duration, took);
      Event event = builder.buildAs(one.event);
      out.event(event, one.timestamp, one.window);
    }
  }

  /** Halves a failed batch, so that only what cannot be answered is lost to it. */
  private void split(List<Waiting<InT>> batch, PredictionException cause, Outlet out)
      throws IOException {
    if (batch.size() == 1) {
      Waiting<InT> bad = batch.get(0);
      out.deadLetter(failed(bad.event, cause), bad.timestamp, bad.window);
    } else {
      int middle = batch.size() / 2;
      ask(batch.subList(0, middle), out);
      ask(batch.subList(middle, batch.size()), out);
    }
  }

  private DeadLetter failed(Event event, PredictionException cause) {
    failures.inc();
    return DeadLetter.failed(
            Stage.INFER, event, Reason.INFERENCE_FAILED, String.valueOf(cause.getMessage()), cause)
        .withModelVersion(name(model().version()));
  }

  private Model<InT, OutT> model() {
    return Objects.requireNonNull(lease, "not set up").model();
  }

  private static String name(ModelVersion version) {
    return version.name() + "/" + version.version();
  }
}
