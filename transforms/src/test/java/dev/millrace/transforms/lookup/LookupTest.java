package dev.millrace.transforms.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The step of a lookup in a server that a test plays. */
class LookupTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder().addStringField("id").addNullableStringField("customer").build());

  /** Found by the source, which is what is serialized. */
  private static FakeServer server = FakeServer.usual();

  private record Played(String name) implements ReferenceSource {
    @Override
    public boolean isRemote() {
      return true;
    }

    @Override
    public void check(LookupColumns columns) throws IOException {
      if (server.away) {
        throw new IOException("no answer (connection refused)");
      }
    }

    @Override
    public Reference open(LookupColumns columns, AskingRules rules) {
      return new AskedReference(server, rules, java.time.Duration.ofMillis(300));
    }
  }

  private static final class Collected implements Outlet {
    final List<String> events = new ArrayList<>();
    final List<DeadLetter> letters = new ArrayList<>();

    @Override
    public void event(Event event, Instant timestamp, BoundedWindow window) {
      assertThat(timestamp.getMillis()).isEqualTo(event.time());
      events.add(String.valueOf(event.toRow().getValues()));
    }

    @Override
    public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
      letters.add(letter);
    }
  }

  private final Collected out = new Collected();
  private @Nullable EventStep step;

  /** Each test's own: what is shared is shared by name. */
  private static Lookup lookup(String name, LookupColumns columns, AskingRules rules) {
    Lookup lookup = Lookup.by("customer", new Played(name)).withRules(rules);
    for (LookupColumn column : columns.columns()) {
      lookup = lookup.withColumn(column);
    }
    return columns.status() == null ? lookup : lookup.withStatus(columns.status());
  }

  private EventStep start(Lookup lookup) throws Exception {
    EventStep started = lookup.step(LAYOUT);
    step = started;
    started.setUp();
    started.startBundle();
    return started;
  }

  @AfterEach
  void tear_down() {
    if (step != null) {
      step.tearDown();
    }
  }

  private static void process(EventStep step, int n, @Nullable String customer, Outlet out)
      throws IOException {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("id"), "e" + n);
    builder.setValue(LAYOUT.column("customer"), customer);
    Event event = builder.build("e" + n, n, Origin.NONE);
    step.process(event, Instant.ofEpochMilli(n), GlobalWindow.INSTANCE, out);
  }

  @Test
  void events_are_asked_about_together_each_key_once_and_leave_in_order() throws Exception {
    server = FakeServer.usual().with("a", "GOLD", 5.0).with("b", "BASE", 1.0);
    EventStep step = start(lookup("order", FakeServer.COLUMNS, Rules.waiting()));
    process(step, 1, "a", out);
    process(step, 2, "x", out);
    process(step, 3, "a", out);
    process(step, 4, null, out);
    process(step, 5, "b", out);
    assertThat(out.events).isEmpty();
    step.drain(out);
    assertThat(out.events)
        .containsExactly(
            "[e1, a, GOLD, 5.0, FOUND]",
            "[e2, x, NONE, 0.0, MISSING]",
            "[e3, a, GOLD, 5.0, FOUND]",
            "[e4, null, NONE, 0.0, MISSING]",
            "[e5, b, BASE, 1.0, FOUND]");
    assertThat(server.questions).containsExactly(List.of("a", "x", "b"));
    // All is known by now, also that there is no x: nobody waits, nobody is asked.
    process(step, 6, "x", out);
    process(step, 7, "b", out);
    assertThat(out.events.subList(5, 7))
        .containsExactly("[e6, x, NONE, 0.0, MISSING]", "[e7, b, BASE, 1.0, FOUND]");
    step.finish(out);
    assertThat(server.questions).hasSize(1);
    assertThat(out.letters).isEmpty();
  }

  @Test
  void full_batch_is_asked_about_at_once() throws Exception {
    server = new FakeServer(FakeServer.COLUMNS, 1_000);
    EventStep step = start(lookup("full", FakeServer.COLUMNS, Rules.waiting()));
    for (int i = 0; i < LookupStep.BATCH; i++) {
      process(step, i, "k" + i, out);
    }
    assertThat(out.events).hasSize(LookupStep.BATCH);
    assertThat(server.questions).hasSize(1);
  }

  @Test
  void missing_record_is_a_dead_letter_where_a_column_has_no_default() throws Exception {
    LookupColumns required =
        new LookupColumns(
            List.of(
                LookupColumn.of("segment", LookupType.STRING, "segment").withDefault("NONE"),
                LookupColumn.of("credit", LookupType.DOUBLE, "limit")),
            null);
    server = new FakeServer(required, 100).with("a", "GOLD", 5.0);
    server.records.put("bad", Map.of("segment", "GOLD", "limit", "much"));
    EventStep step = start(lookup("required", required, Rules.waiting()));
    process(step, 1, "x", out);
    process(step, 2, null, out);
    process(step, 3, "bad", out);
    process(step, 4, "a", out);
    step.finish(out);
    assertThat(out.events).containsExactly("[e4, a, GOLD, 5.0]");
    assertThat(out.letters)
        .extracting(DeadLetter::eventId, DeadLetter::stage, DeadLetter::reason, DeadLetter::message)
        .containsExactly(
            tuple(
                "e1",
                Stage.LOOKUP,
                Reason.LOOKUP_MISSING,
                "customer in required: found a key of which there is no record, expected a record, or a default for credit"),
            tuple(
                "e2",
                Stage.LOOKUP,
                Reason.LOOKUP_MISSING,
                "customer in required: found null, expected a record, or a default for credit"),
            tuple(
                "e3",
                Stage.LOOKUP,
                Reason.LOOKUP_INVALID,
                "customer in required: field 'limit': found text of 4 characters, expected a finite number"));
  }

  @Test
  void server_that_is_away_leaves_marked_defaults() throws Exception {
    server = FakeServer.usual().with("a", "GOLD", 5.0);
    EventStep step = start(lookup("fallback", FakeServer.COLUMNS, Rules.defaulting()));
    server.away = true;
    process(step, 1, "a", out);
    step.finish(out);
    assertThat(out.events).containsExactly("[e1, a, NONE, 0.0, FALLBACK]");
  }

  @Test
  void bundle_fails_where_events_are_to_wait() throws Exception {
    server = FakeServer.usual().with("a", "GOLD", 5.0);
    EventStep step = start(lookup("waits", FakeServer.COLUMNS, Rules.waiting()));
    server.away = true;
    process(step, 1, "a", out);
    assertThatThrownBy(() -> step.finish(out)).isInstanceOf(IOException.class);
    assertThat(out.events).isEmpty();
    assertThat(out.letters).isEmpty();
    // The runner begins the bundle again.
    server.away = false;
    step.startBundle();
    process(step, 1, "a", out);
    step.finish(out);
    assertThat(out.events).containsExactly("[e1, a, GOLD, 5.0, FOUND]");
  }

  @Test
  void two_steps_of_a_jvm_share_what_was_answered() throws Exception {
    server = FakeServer.usual().with("a", "GOLD", 5.0);
    Lookup lookup = lookup("shared", FakeServer.COLUMNS, Rules.waiting());
    EventStep first = start(lookup);
    EventStep second = lookup.step(LAYOUT);
    second.setUp();
    process(first, 1, "a", out);
    first.finish(out);
    process(second, 2, "a", out);
    second.tearDown();
    assertThat(out.events).hasSize(2);
    assertThat(server.questions).hasSize(1);
  }

  @Test
  void server_that_is_away_at_launch_is_an_error_for_who_waits_and_a_warning_for_others() {
    server = FakeServer.usual();
    server.away = true;
    assertThatThrownBy(() -> lookup("launch", FakeServer.COLUMNS, Rules.waiting()).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("launch: found no answer (connection refused), expected it to answer");
    assertThat(lookup("launch", FakeServer.COLUMNS, Rules.defaulting()).check())
        .isEqualTo(
            "launch: found no answer (connection refused); until it answers, events get defaults");
  }

  @Test
  void what_is_made_up_has_to_be_whole_and_told_apart() {
    LookupColumns unmarked = new LookupColumns(FakeServer.COLUMNS.columns(), null);
    assertThatThrownBy(() -> lookup("u", unmarked, Rules.defaulting()).layout(LAYOUT))
        .hasMessageContaining("found no status column");
    LookupColumns bare =
        new LookupColumns(List.of(LookupColumn.of("s", LookupType.STRING, "s")), "status");
    assertThatThrownBy(() -> lookup("b", bare, Rules.defaulting()).layout(LAYOUT))
        .hasMessageContaining("found no default for s");
  }

  @Test
  void key_that_is_no_column_or_has_no_text_is_refused() {
    Lookup lookup = Lookup.by("custmer", new Played("none"));
    assertThatThrownBy(() -> lookup.layout(LAYOUT))
        .hasMessageContaining("found column 'custmer', expected one of id, customer");
    EventLayout bytes = EventLayout.of(Schema.builder().addByteArrayField("customer").build());
    assertThatThrownBy(() -> lookup("none", FakeServer.COLUMNS, Rules.waiting()).layout(bytes))
        .hasMessageContaining("lookup key 'customer': found BYTES");
  }
}
