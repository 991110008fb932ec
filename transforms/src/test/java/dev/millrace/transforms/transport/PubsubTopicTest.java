package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Pub/Sub answers and its emulator never does, by a server that answers so. */
class PubsubTopicTest {

  private final AtomicInteger status = new AtomicInteger();
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          byte[] body =
              "{\"error\": {\"code\": %d, \"message\": \"no\", \"status\": \"NO\"}}"
                  .formatted(status.get())
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "401, expected credentials that it knows: gcloud auth application-default login",
    "403, roles/pubsub.subscriber",
    "404, expected it to exist: is its project right?"
  })
  void subscription_that_may_not_be_looked_at_is_told_with_its_remedy(int answer, String remedy) {
    status.set(answer);
    assertThatThrownBy(
            () -> new PubsubSubscription("projects/bank/subscriptions/payments", access()).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "Pub/Sub subscription 'projects/bank/subscriptions/payments': found status " + answer)
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "403, roles/pubsub.publisher",
    "404, gcloud pubsub topics create projects/bank/topics/decisions"
  })
  void topic_that_may_not_be_looked_at_is_told_with_its_remedy(int answer, String remedy) {
    status.set(answer);
    assertThatThrownBy(() -> new PubsubTopic("projects/bank/topics/decisions", access()).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Pub/Sub topic 'projects/bank/topics/decisions': found ")
        .hasMessageContaining(remedy);
  }

  @Test
  void record_is_a_message_with_its_id_and_where_it_is_ordered_with_its_key() {
    byte[] id = "e1".getBytes(UTF_8);
    assertThat(PubsubTopic.message(OutgoingRecord.of(id, new byte[] {7})).getOrderingKey())
        .isEmpty();
    var ordered = PubsubTopic.message(new OutgoingRecord(id, "c7".getBytes(UTF_8), new byte[] {7}));
    assertThat(ordered.getOrderingKey()).isEqualTo("c7");
    assertThat(ordered.getAttributesMap()).containsOnly(Map.entry("id", "e1"));
  }

  private PubsubAccess access() {
    return new PubsubAccess(
        "http://127.0.0.1:" + http.getAddress().getPort(), NoopCredentialFactory.class, null);
  }
}
