package dev.millrace.transforms.lookup;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.EventPart;
import dev.millrace.transforms.lookup.Answer.Absent;
import dev.millrace.transforms.lookup.AnswerReader.Status;
import dev.millrace.transforms.lookup.SharedReferences.Lease;
import dev.millrace.transforms.lookup.SharedReferences.Wanted;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Answers events at once as long as their keys are known; then gathers them, as they are there, and
 * asks about many keys at a time.
 */
final class LookupStep implements EventStep {

  /** About so many events is asked at once. */
  static final int BATCH = 128;

  private record Waiting(
      Event event, @Nullable String key, Instant timestamp, BoundedWindow window) {}

  private final Column key;
  private final EventLayout output;
  private final Wanted wanted;
  private final LookupCounts counts;
  private transient @Nullable Lease lease;
  private transient Reference reference;
  private transient @Nullable EventPart missing;
  private transient @Nullable EventPart fallback;
  private transient List<Waiting> waiting;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  LookupStep(Column key, EventLayout output, Wanted wanted) {
    this.key = key;
    this.output = output;
    this.wanted = wanted;
    // Several tables may have the same key, and none adds a column that another adds.
    String first = wanted.columns().columns().get(0).name();
    this.counts = new LookupCounts(key.name() + "." + first);
  }

  @Override
  public void setUp() throws IOException {
    waiting = new ArrayList<>(BATCH);
    if (wanted.columns().haveDefaults()) {
      AnswerReader reader = new AnswerReader(wanted.columns());
      missing = reader.defaults(Status.MISSING);
      fallback = reader.defaults(Status.FALLBACK);
    }
    Lease leased = SharedReferences.acquire(wanted);
    lease = leased;
    reference = leased.reference();
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
    String text = key.isNull(event) ? null : key.text(event);
    if (waiting.isEmpty()) {
      Answer answer = known(text);
      if (answer != null) {
        give(event, answer, timestamp, window, out);
        return;
      }
    }
    waiting.add(new Waiting(event, text, timestamp, window));
    if (waiting.size() >= BATCH) {
      drain(out);
    }
  }

  private @Nullable Answer known(@Nullable String text) throws IOException {
    return text == null ? Absent.MISSING : reference.known(text);
  }

  @Override
  public void drain(Outlet out) throws IOException {
    if (waiting.isEmpty()) {
      return;
    }
    Map<String, Answer> answers = new HashMap<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (Waiting one : waiting) {
      if (one.key != null && !answers.containsKey(one.key)) {
        Answer answer = reference.known(one.key);
        if (answer == null) {
          unknown.add(one.key);
        } else {
          answers.put(one.key, answer);
        }
      }
    }
    if (!unknown.isEmpty()) {
      answers.putAll(reference.ask(unknown));
    }
    for (Waiting one : waiting) {
      Answer answer = one.key == null ? Absent.MISSING : answers.get(one.key);
      give(one.event, Objects.requireNonNull(answer), one.timestamp, one.window, out);
    }
    waiting.clear();
  }

  @Override
  public void finish(Outlet out) throws IOException {
    drain(out);
    counts.tell(reference.state());
  }

  private void give(Event event, Answer answer, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    counts.count(answer);
    EventPart part;
    if (answer instanceof Answer.Found found) {
      part = found.part();
    } else if (answer instanceof Answer.Invalid invalid) {
      DeadLetter letter = failed(event, Reason.LOOKUP_INVALID, invalid.problem());
      out.deadLetter(letter, timestamp, window);
      return;
    } else {
      part = answer == Absent.MISSING ? missing : fallback;
    }
    if (part == null) {
      String found = key.isNull(event) ? "null" : "a key of which there is no record";
      DeadLetter letter =
          failed(
              event,
              Reason.LOOKUP_MISSING,
              "found %s, expected a record, or a default for %s"
                  .formatted(found, String.join(", ", wanted.columns().withoutDefault())));
      out.deadLetter(letter, timestamp, window);
      return;
    }
    out.event(event.with(output, part), timestamp, window);
  }

  private DeadLetter failed(Event event, Reason reason, String problem) {
    String message = "%s in %s: %s".formatted(key.name(), wanted.source().name(), problem);
    return DeadLetter.failed(Stage.LOOKUP, event, reason, message, null);
  }
}
