package dev.millrace.transforms.deliver.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.step.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Posts to a webhook, again while a failure is one that may pass. */
final class WebhookCaller implements AutoCloseable {

  private static final Set<Integer> REFUSALS = Set.of(400, 409, 413, 422);
  private static final int CONFLICT = 409;
  private static final int LONGEST_TEXT = 200;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Answers of success have no text that is kept. */
  private static final BodyHandler<String> BEGINNING =
      head ->
          isSuccess(head.statusCode())
              ? BodySubscribers.replacing("")
              : BodySubscribers.mapping(BodySubscribers.ofInputStream(), WebhookCaller::beginning);

  /**
   * What the service said.
   *
   * @param text the beginning of its body after a colon, empty where there was none
   * @param retryAfter how long it asks to wait, where it does
   */
  record Answer(int status, String text, Optional<Duration> retryAfter) {

    /** Whether it is the decision that is not taken, and none would be that is the same. */
    boolean isRefusal() {
      return REFUSALS.contains(status);
    }
  }

  private final Webhook webhook;
  private final HttpClient http;
  private final ScheduledExecutorService scheduler;
  private final Patience patience;

  WebhookCaller(Webhook webhook) {
    this.webhook = webhook;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(webhook.timeout())
            .build();
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "post to " + webhook);
              thread.setDaemon(true);
              return thread;
            });
    this.patience = new Patience(webhook.patience(), FIRST_PAUSE, LONGEST_PAUSE);
  }

  /**
   * Posts a JSON object. The answer is a success or a refusal; the future fails when patience is at
   * its end.
   */
  CompletableFuture<Answer> post(String key, byte[] body) {
    return patience
        .<Answer>begin(failure -> true, answer -> !isFinal(answer), Answer::retryAfter)
        .executeCompletionStage(scheduler, () -> send(key, body))
        .toCompletableFuture()
        .thenApply(
            answer -> {
              if (isSuccess(answer.status) || answer.isRefusal()) {
                return answer;
              }
              throw new CompletionException(
                  new IOException(
                      "found answer %d%s, expected 2xx".formatted(answer.status, answer.text)));
            });
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  private CompletableFuture<Answer> send(String key, byte[] body) {
    HttpRequest request;
    try {
      HttpRequest.Builder builder =
          builder()
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", '"' + encode(key) + '"')
              .POST(BodyPublishers.ofByteArray(body));
      webhook.addTo(builder);
      request = builder.build();
    } catch (RuntimeException e) { // a secret that is away, or is none for a header
      return CompletableFuture.failedFuture(e);
    }
    Duration timeout = webhook.timeout();
    return http.sendAsync(request, BEGINNING)
        .thenApply(WebhookCaller::answer)
        // The request's own timeout ends with the headers; this one covers the body too.
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The status of an answer to a HEAD. */
  int look() throws IOException {
    HttpRequest.Builder request = builder().method("HEAD", BodyPublishers.noBody());
    webhook.addTo(request);
    try {
      return http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
          .get(webhook.timeout().toMillis(), TimeUnit.MILLISECONDS)
          .statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(describe(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException(describe(e), e);
    }
  }

  private HttpRequest.Builder builder() {
    URI uri = URI.create(webhook.url());
    return HttpRequest.newBuilder(uri)
        .version(
            // Over plain http the client would ask for HTTP/2 by an upgrade, which some refuse.
            "http".equals(uri.getScheme())
                ? HttpClient.Version.HTTP_1_1
                : HttpClient.Version.HTTP_2)
        .timeout(webhook.timeout());
  }

  private static boolean isFinal(Answer answer) {
    return isSuccess(answer.status) || (answer.isRefusal() && answer.status != CONFLICT);
  }

  private static boolean isSuccess(int status) {
    return status / 100 == 2;
  }

  private static Answer answer(HttpResponse<String> response) {
    String text = response.body().isBlank() ? "" : ": " + response.body().strip();
    return new Answer(response.statusCode(), text, retryAfter(response.headers()));
  }

  /** In seconds, or as a date by the service's own clock; what is neither is none. */
  private static Optional<Duration> retryAfter(HttpHeaders headers) {
    String value = headers.firstValue("Retry-After").orElse("");
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    Instant now = headers.firstValue("Date").flatMap(WebhookCaller::date).orElseGet(Instant::now);
    return date(value).map(until -> Duration.between(now, until));
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Closed then: the rest is not read. */
  private static String beginning(InputStream body) {
    try (body) {
      return new String(body.readNBytes(LONGEST_TEXT), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** What a quoted string of a header may hold; of an id mostly all of it. */
  private static String encode(String key) {
    return key.matches("[ !#-\\[\\]-~]*") ? key : URLEncoder.encode(key, UTF_8);
  }

  static String describe(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      return "none in time";
    }
    if (cause == null) {
      return "none";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
