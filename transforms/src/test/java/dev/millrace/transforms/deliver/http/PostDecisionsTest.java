package dev.millrace.transforms.deliver.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deliver.Gathered;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.step.EventStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostDecisionsTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addStringField("decision").build());

  private final PlannedService service = new PlannedService();
  private final Gathered out = new Gathered();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void decision_is_posted_as_json_with_a_key_that_names_it() throws Exception {
    post(posts(), event("e1"));
    assertThat(service.calls).hasSize(1);
    PlannedService.Call call = service.calls.element();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.key()).isEqualTo("\"payments/e1\"");
    assertThat(call.type()).isEqualTo("application/json");
    assertThat(call.body())
        .startsWith("{\"event_id\":\"e1\",")
        .endsWith("\"pipeline\":\"payments\",\"feature_version\":\"v1\",\"decision\":\"DECLINE\"}");
    assertThat(out.events).isEmpty();
    assertThat(out.letters).isEmpty();
  }

  @Test
  void key_holds_what_a_header_may_hold() throws Exception {
    post(posts(), event("Zoë \"1\"\n"));
    assertThat(service.calls.element().key()).isEqualTo("\"payments%2FZo%C3%AB+%221%22%0A\"");
  }

  @Test
  void trouble_that_passes_is_waited_out_with_the_same_key() throws Exception {
    service.answer("\"payments/e1\"", 503, 429, 404, 200);
    post(posts(), event("e1"), event("e2"));
    assertThat(service.calls.stream().map(PlannedService.Call::key))
        .containsExactlyInAnyOrder(
            "\"payments/e1\"",
            "\"payments/e1\"",
            "\"payments/e1\"",
            "\"payments/e1\"",
            "\"payments/e2\"");
    assertThat(out.letters).isEmpty();
  }

  @Test
  void trouble_that_lasts_fails_the_bundle_and_says_where() {
    service.answer("\"payments/e1\"", 503);
    assertThatThrownBy(() -> post(posts().withPatience(Duration.ofMillis(300)), event("e1")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            service.url()
                + ": found answer 503: no thanks, expected 2xx; the bundle is tried again");
    assertThat(service.calls).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "a date"})
  void service_that_asks_for_a_pause_has_it(String asked) throws Exception {
    service.retryAfter(() -> asked.equals("1") ? asked : inSeconds(2));
    service.answer("\"payments/e1\"", 503, 200);
    post(posts(), event("e1"));
    // A date has whole seconds only. Without being asked it would be a tenth of one at most.
    assertThat(pausesMillis()).singleElement(LONG).isBetween(990L, 10_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3600", "999999999", "a date"})
  void pause_ends_with_patience_and_it_is_tried_once_more(String asked) {
    service.retryAfter(() -> asked.equals("a date") ? inSeconds(3600) : asked);
    service.answer("\"payments/e1\"", 429);
    assertThatThrownBy(() -> post(posts().withPatience(Duration.ofMillis(700)), event("e1")))
        .hasMessageContaining("found answer 429");
    assertThat(pausesMillis()).singleElement(LONG).isBetween(600L, 5_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "Fri, 31 Dec 1999 23:59:59 GMT", "soon", "-1"})
  void pause_of_no_time_or_of_none_that_can_be_read_is_the_usual_one(String asked)
      throws Exception {
    service.retryAfter(() -> asked);
    service.answer("\"payments/e1\"", 503, 503, 200);
    post(posts(), event("e1"));
    // At least half of 100 ms, and then of 200 ms.
    assertThat(pausesMillis()).hasSize(2);
    assertThat(pausesMillis().get(0)).isGreaterThanOrEqualTo(45);
    assertThat(pausesMillis().get(1)).isGreaterThanOrEqualTo(95);
  }

  private static String inSeconds(int seconds) {
    return RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC).plusSeconds(seconds));
  }

  /** Between the posts, in order. */
  private List<Long> pausesMillis() {
    List<PlannedService.Call> calls = List.copyOf(service.calls);
    return IntStream.range(1, calls.size())
        .mapToObj(i -> (calls.get(i).nanos() - calls.get(i - 1).nanos()) / 1_000_000)
        .toList();
  }

  @Test
  void redirection_is_not_followed() {
    service.answer("\"payments/e1\"", 302);
    assertThatThrownBy(() -> post(posts().withPatience(Duration.ofMillis(200)), event("e1")))
        .hasMessageContaining("found answer 302");
  }

  @Test
  void decision_that_is_refused_is_a_dead_letter_and_the_others_are_posted() throws Exception {
    service.answer("\"payments/e2\"", 422);
    post(posts(), event("e1"), event("e2"), event("e3"));
    assertThat(service.calls).hasSize(3);
    assertThat(out.letters).hasSize(1);
    DeadLetter letter = out.letters.get(0);
    assertThat(letter.eventId()).isEqualTo("e2");
    assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
    assertThat(letter.message())
        .isEqualTo(service.url() + ": found answer 422 to the decision, expected 2xx: no thanks");
  }

  @Test
  void conflict_is_asked_again_before_it_counts_as_refused() throws Exception {
    service.answer("\"payments/e1\"", 409, 200);
    post(posts(), event("e1"));
    assertThat(out.letters).isEmpty();
    service.answer("\"payments/e2\"", 409);
    post(posts().withPatience(Duration.ofMillis(200)), event("e2"));
    assertThat(out.letters).hasSize(1);
  }

  @Test
  void what_is_too_large_is_a_dead_letter_and_not_posted() throws Exception {
    post(posts().withMaxBytes(100), event("e1"));
    assertThat(service.calls).isEmpty();
    assertThat(out.letters.get(0).message())
        .matches("found a decision of \\d+ bytes as JSON, expected at most 100 for http://.*");
  }

  @Test
  void no_more_posts_than_allowed_are_under_way() throws Exception {
    Event[] events = new Event[200];
    for (int i = 0; i < events.length; i++) {
      events[i] = event("e" + i);
    }
    post(posts().withInFlight(3), events);
    assertThat(service.calls).hasSize(200);
    assertThat(service.mostAtOnce.get()).isBetween(1, 3);
  }

  @Test
  void secret_of_a_header_is_read_for_each_post_and_travels_with_nothing(@TempDir Path folder)
      throws Exception {
    Path secret = folder.resolve("token");
    Files.writeString(secret, "Bearer canary-1\n");
    PostDecisions posts = posts().withHeaders(Map.of("Authorization", "secret:file:" + secret));
    EventStep step = posts.step(LAYOUT);
    ByteArrayOutputStream travels = new ByteArrayOutputStream();
    new ObjectOutputStream(travels).writeObject(step);
    assertThat(travels.toString(ISO_8859_1)).contains("secret:file:").doesNotContain("canary-1");
    post(posts, event("e1"));
    Files.writeString(secret, "Bearer canary-2\n");
    post(posts, event("e2"));
    assertThat(service.calls.stream().map(PlannedService.Call::login))
        .containsExactly("Bearer canary-1", "Bearer canary-2");
  }

  @Test
  void header_that_cannot_be_is_refused() {
    assertThatThrownBy(() -> posts().withHeaders(Map.of("idempotency-key", "mine")))
        .hasMessageContaining("found a header 'idempotency-key', expected");
    assertThatThrownBy(
            () ->
                PostDecisions.to("http://cases.bank/alerts")
                    .withHeaders(Map.of("Authorization", "secret:env:TOKEN")))
        .hasMessage(
            "found a secret in header 'Authorization' for an address of http, over which all on the way can read it, expected https");
    for (String wrong :
        List.of("ftp://x/y", "cases.bank", "https://u:p@cases.bank", "http://a b")) {
      assertThatThrownBy(() -> PostDecisions.to(wrong))
          .hasMessageContaining("expected http(s)://host:port/path")
          .hasMessageNotContaining("u:p");
    }
  }

  @Test
  void service_that_is_not_there_or_lets_nobody_in_is_found_at_launch() {
    posts().check();
    service.answer("HEAD", 405);
    posts().check();
    service.answer("HEAD", 401);
    assertThatThrownBy(() -> posts().check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found answer 401, expected to be let in");
    PostDecisions gone = posts();
    service.close();
    assertThatThrownBy(gone::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found it unreachable (");
  }

  private PostDecisions posts() {
    return PostDecisions.to(service.url()).of("payments", "v1");
  }

  private void post(PostDecisions posts, Event... events) throws Exception {
    EventStep step = SerializableUtils.clone(posts.step(LAYOUT));
    step.setUp();
    try {
      step.startBundle();
      for (Event event : events) {
        step.process(event, Instant.EPOCH, GlobalWindow.INSTANCE, out);
      }
      step.finishBundle(out);
    } finally {
      step.tearDown();
    }
  }

  private static Event event(String id) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("decision"), "DECLINE");
    return builder.build(id, 0, Origin.NONE);
  }
}
