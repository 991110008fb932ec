package dev.millrace.transforms.lookup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose records and moods a test decides. */
final class FakeServer implements Server {

  static final LookupColumns COLUMNS =
      new LookupColumns(
          List.of(
              LookupColumn.of("segment", LookupType.STRING, "segment").withDefault("NONE"),
              LookupColumn.of("credit", LookupType.DOUBLE, "limit").withDefault("0.0")),
          "lookup");

  final Map<String, Map<String, Object>> records = new ConcurrentHashMap<>();
  final List<List<String>> questions = Collections.synchronizedList(new ArrayList<>());
  final LookupColumns columns;
  private final int keysAtOnce;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refusals = new AtomicInteger();
  volatile boolean away;

  /** What questions wait for. */
  volatile CountDownLatch held = new CountDownLatch(0);

  FakeServer(LookupColumns columns, int keysAtOnce) {
    this.columns = columns;
    this.keysAtOnce = keysAtOnce;
  }

  static FakeServer usual() {
    return new FakeServer(COLUMNS, 100);
  }

  FakeServer with(String key, String segment, double limit) {
    records.put(key, Map.of("segment", segment, "limit", limit));
    return this;
  }

  /** Fails the next question about a key. */
  void failNext(String key) {
    failing.add(key);
  }

  /** Returns when so many connections were refused. */
  void awaitRefusals(int count) {
    while (refusals.get() < count) {
      Thread.onSpinWait();
    }
  }

  @Override
  public String name() {
    return "fake server";
  }

  @Override
  public int keysAtOnce() {
    return keysAtOnce;
  }

  @Override
  public int connections() {
    return 4;
  }

  @Override
  public Session connect(Duration patience) throws IOException {
    if (away) {
      refusals.incrementAndGet();
      throw new IOException("connection refused");
    }
    AnswerReader reader = new AnswerReader(columns);
    return new Session() {
      @Override
      public Map<String, Answer> get(List<String> keys) throws IOException {
        questions.add(keys);
        try {
          held.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        if (away || failing.removeAll(keys)) {
          throw new IOException("connection reset");
        }
        Map<String, Answer> answers = new HashMap<>();
        for (String key : keys) {
          Map<String, Object> record = records.get(key);
          if (record != null) {
            answers.put(key, reader.typed(record::get));
          }
        }
        return answers;
      }

      @Override
      public void close() {}
    };
  }
}
