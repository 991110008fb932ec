package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@code http: { url, headers, timeout, retryFor, inFlight, maxRecordBytes }}. */
final class HttpTransport implements SinkTransport {

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section http =
        value.section("url", "headers", "timeout", "retryFor", "inFlight", "maxRecordBytes");
    String url = http.required("url").text();
    Map<String, String> headers = http.optional("headers").map(Value::settings).orElse(Map.of());
    Duration timeout =
        http.optional("timeout").map(Value::duration).orElse(SinkSpec.Http.DEFAULT_TIMEOUT);
    Duration retryFor =
        http.optional("retryFor").map(Value::duration).orElse(SinkSpec.Http.DEFAULT_RETRY_FOR);
    int inFlight =
        http.optional("inFlight")
            .map(posts -> posts.number(1, 10_000))
            .orElse(SinkSpec.Http.DEFAULT_IN_FLIGHT);
    return new SinkSpec.Http(
        url,
        headers,
        timeout,
        retryFor,
        inFlight,
        KafkaTransport.maxRecordBytes(http, Integer.MAX_VALUE));
  }
}
