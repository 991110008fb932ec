package dev.millrace.transforms.deliver.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deliver.GenericDecisions;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Posts each decision, several at a time, and gives out no event. */
final class PostStep implements EventStep {

  private record Posted(
      Event event,
      Instant timestamp,
      BoundedWindow window,
      CompletableFuture<WebhookCaller.Answer> answer) {}

  private final Webhook webhook;
  private final GenericDecisions decisions;
  private final String pipeline;
  private final int maxBytes;
  private final StageCounter posts = StageCounter.of("deliver", "posted");
  private transient @Nullable WebhookCaller caller;
  private transient Deque<Posted> underWay;

  @SuppressWarnings("NullAway.Init") // made on the worker
  PostStep(Webhook webhook, GenericDecisions decisions, String pipeline, int maxBytes) {
    this.webhook = webhook;
    this.decisions = decisions;
    this.pipeline = pipeline;
    this.maxBytes = maxBytes;
  }

  @Override
  public void setUp() {
    caller = webhook.caller();
    underWay = new ArrayDeque<>();
  }

  @Override
  public void startBundle() {
    // What is left belongs to a bundle that failed, and comes again.
    underWay.forEach(posted -> posted.answer.cancel(true));
    underWay.clear();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    byte[] body = decisions.json(event);
    if (body.length > maxBytes) {
      String message =
          "found a decision of %,d bytes as JSON, expected at most %,d for %s"
              .formatted(body.length, maxBytes, webhook);
      out.deadLetter(undeliverable(event, message), timestamp, window);
      return;
    }
    if (underWay.size() >= webhook.inFlight()) {
      settle(underWay.remove(), out);
    }
    String key = pipeline + "/" + new String(event.idUtf8(), UTF_8);
    underWay.add(new Posted(event, timestamp, window, caller().post(key, body)));
  }

  @Override
  public void finish(Outlet out) throws IOException {
    while (!underWay.isEmpty()) {
      settle(underWay.remove(), out);
    }
  }

  @Override
  public void tearDown() {
    if (caller != null) {
      caller.close();
    }
  }

  private void settle(Posted posted, Outlet out) throws IOException {
    WebhookCaller.Answer answer;
    try {
      answer = posted.answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + webhook + " was posted to");
    } catch (ExecutionException e) {
      throw new IOException(
          "%s: %s; the bundle is tried again"
              .formatted(webhook, WebhookCaller.describe(e.getCause())),
          e.getCause());
    }
    if (answer.isRefusal()) {
      String message =
          "%s: found answer %d to the decision, expected 2xx%s"
              .formatted(webhook, answer.status(), answer.text());
      out.deadLetter(undeliverable(posted.event, message), posted.timestamp, posted.window);
    } else {
      posts.inc();
    }
  }

  private static DeadLetter undeliverable(Event event, String message) {
    return DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, null);
  }

  private WebhookCaller caller() {
    WebhookCaller caller = this.caller;
    if (caller == null) {
      throw new IllegalStateException("not set up");
    }
    return caller;
  }
}
