package dev.millrace.transforms.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfluentRegistryTest {

  private static final String SCHEMA = "{\"schema\":\"\\\"string\\\"\"}";
  private static final String NO_SCHEMA = "{\"error_code\":40403,\"message\":\"Schema not found\"}";

  private static final SchemaText SCHEMA_TEXT = SchemaText.of("AVRO", "{}");

  private record Reply(int status, String body) {}

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private boolean hold;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server = start();

  private HttpServer start() {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext(
          "/",
          exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + body);
            asked.countDown();
            if (hold) {
              await(mayAnswer);
            }
            Reply reply = replies.poll();
            byte[] answer = (reply == null ? "unplanned" : reply.body).getBytes(UTF_8);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(reply == null ? 400 : reply.status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      return http;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @BeforeEach
  void serve() {
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private ConfluentRegistry registry() {
    return new ConfluentRegistry(
        "http://127.0.0.1:" + server.getAddress().getPort() + "/api/",
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(1));
  }

  private RegistryClient client() {
    return new RegistryClient(registry(), nanos::get);
  }

  private void reply(int status, String body) {
    replies.add(new Reply(status, body));
  }

  @Test
  void schema_is_asked_for_once_and_kept() {
    reply(200, SCHEMA);
    RegistryClient client = client();
    for (int i = 0; i < 3; i++) {
      assertThat(client.find(SchemaId.of(7))).contains(SchemaText.of("AVRO", "\"string\""));
    }
    assertThat(requests).containsExactly("GET /api/schemas/ids/7");
  }

  @Test
  void type_of_the_schema_is_told() {
    reply(200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");
    assertThat(registry().find(SchemaId.of(7))).contains(SchemaText.of("JSON", "{}"));
  }

  @Test
  void server_errors_pass_until_an_answer_comes() {
    reply(500, "");
    reply(503, "");
    reply(429, "");
    reply(200, SCHEMA);
    assertThat(client().find(SchemaId.of(7))).isPresent();
    assertThat(requests).hasSize(4);
  }

  @Test
  void that_there_is_no_schema_is_remembered_for_ten_seconds() {
    reply(404, NO_SCHEMA);
    reply(200, SCHEMA);
    RegistryClient client = client();
    assertThat(client.find(SchemaId.of(7))).isEmpty();
    nanos.set(Duration.ofSeconds(10).toNanos());
    assertThat(client.find(SchemaId.of(7))).isEmpty();
    assertThat(requests).hasSize(1);
    nanos.set(Duration.ofSeconds(10).toNanos() + 1);
    assertThat(client.find(SchemaId.of(7))).isPresent();
  }

  @Test
  void not_found_that_the_registry_did_not_say_is_trouble_and_not_an_answer() {
    reply(404, "<html>no such page</html>");
    assertThatThrownBy(() -> client().find(SchemaId.of(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class)
        .hasMessageContaining("found answer 404 to /api/schemas/ids/7, expected a schema");
  }

  @Test
  void refusal_and_redirect_are_trouble_at_once() {
    reply(401, "");
    assertThatThrownBy(() -> client().find(SchemaId.of(7)))
        .hasMessageContaining("found answer 401");
    reply(302, "");
    assertThatThrownBy(() -> client().find(SchemaId.of(7)))
        .hasMessageContaining("found answer 302");
    assertThat(requests).hasSize(2);
  }

  @Test
  void trouble_is_not_remembered() {
    reply(403, "");
    reply(200, SCHEMA);
    RegistryClient client = client();
    assertThatThrownBy(() -> client.find(SchemaId.of(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class);
    assertThat(client.find(SchemaId.of(7))).isPresent();
  }

  @Test
  void many_who_want_one_schema_ask_once() throws Exception {
    hold = true;
    reply(200, SCHEMA);
    RegistryClient client = client();
    List<Future<Optional<SchemaText>>> answers = new ArrayList<>();
    answers.add(threads.submit(() -> client.find(SchemaId.of(7))));
    asked.await();
    for (int i = 0; i < 7; i++) {
      answers.add(threads.submit(() -> client.find(SchemaId.of(7))));
    }
    mayAnswer.countDown();
    for (Future<Optional<SchemaText>> answer : answers) {
      assertThat(answer.get()).isPresent();
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void registering_gives_the_id_or_says_why_not() {
    reply(200, "{\"id\":3}");
    assertThat(registry().register("card transactions-value", SCHEMA_TEXT)).isEqualTo(3);
    assertThat(requests.peek())
        .startsWith("POST /api/subjects/card%20transactions-value/versions{\"schema\":\"{}");
    reply(409, "{\"error_code\":409,\"message\":\"amount was removed\"}");
    assertThatThrownBy(() -> registry().register("s", SCHEMA_TEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("amount was removed");
  }

  @Test
  void check_passes_a_list_and_names_what_else_it_found() {
    reply(200, "[]");
    registry().check();
    reply(404, "");
    assertThatThrownBy(() -> registry().check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found answer 404 to /api/subjects, expected a list");
  }

  @Test
  void registry_that_is_away_is_told_at_launch_and_waited_for_while_running() {
    ConfluentRegistry registry = registry().withPatience(Duration.ofMillis(20));
    server.stop(0);
    assertThatThrownBy(registry::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema registry http://127.0.0.1:")
        .hasMessageContaining("found it unreachable");
    assertThatThrownBy(() -> registry.find(SchemaId.of(1)))
        .isInstanceOf(SchemaSourceUnavailableException.class)
        .hasMessageContaining("tries");
  }

  @Test
  void addresses_that_are_none_are_refused_without_showing_credentials() {
    for (String url :
        List.of("localhost:8081", "file:///etc", "http://h/../x", "http://h?a=b", "http://")) {
      assertThatThrownBy(() -> ConfluentRegistry.at(url))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("schema registry: found");
    }
    assertThatThrownBy(() -> ConfluentRegistry.at("http://me:secret@h"))
        .hasMessageContaining("http://...@h")
        .hasMessageNotContaining("secret");
  }
}
