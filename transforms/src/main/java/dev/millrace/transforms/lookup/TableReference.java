package dev.millrace.transforms.lookup;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table held in this JVM. A thread loads it whole, and only then is anything looked up in it;
 * then the thread follows the source. What cannot be had or taken later leaves the records as they
 * are, is logged once, and shows in {@link #state}.
 */
final class TableReference implements Reference, TableFeed.Progress {

  private static final Logger LOG = LoggerFactory.getLogger(TableReference.class);
  private static final String ASKED_AGAIN = "it is tried again";
  private static final String SERVES_ON = "the %,d records of before go on to serve";
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final TableFeed feed;
  private final Duration patience;
  private final Duration pause;
  private final Thread thread;
  private final CountDownLatch loaded = new CountDownLatch(1);
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable TableRecords records;
  private volatile @Nullable Exception failure;
  private volatile long heardNanos = System.nanoTime();

  /** Why the source cannot be heard; empty while it can. */
  private volatile String trouble = "";

  /** Why what was heard last was not taken; empty when it was. */
  private String refusal = "";

  private long loggedNanos = System.nanoTime();
  private long refusalLoggedNanos = loggedNanos - LOG_EVERY_NANOS - 1;

  /**
   * @param patience how long the first load may go on without a record
   * @param pause between two tries while the source is away
   */
  private TableReference(TableFeed feed, Duration patience, Duration pause) {
    this.feed = feed;
    this.patience = patience;
    this.pause = pause;
    this.thread = new Thread(this::run, "table of " + feed.name());
    thread.setDaemon(true);
  }

  static TableReference start(TableFeed feed) {
    return start(feed, Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  static TableReference start(TableFeed feed, Duration patience, Duration pause) {
    TableReference table = new TableReference(feed, patience, pause);
    table.thread.start();
    return table;
  }

  @Override
  public void await() throws IOException {
    try {
      while (!loaded.await(100, TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() - heardNanos > patience.toNanos()) {
          throw new IOException(
              "%s: found nothing to read for %d s (%s), expected a whole table before the first event is looked up"
                  .formatted(
                      feed.name(),
                      patience.toSeconds(),
                      trouble.isEmpty() ? "no answer" : trouble));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(feed.name() + ": interrupted while it was loaded", e);
    }
    check();
  }

  @Override
  public Answer known(String key) throws IOException {
    TableRecords now = records;
    if (now == null || failure != null) {
      check();
      throw new IllegalStateException(feed.name() + ": not loaded");
    }
    Answer answer = now.get(key);
    return answer == null ? Answer.Absent.MISSING : answer;
  }

  private void check() throws IOException {
    Exception found = failure;
    if (found != null) {
      throw new IOException(found.getMessage(), found);
    }
  }

  @Override
  public Map<String, Answer> ask(Collection<String> keys) {
    throw new IllegalStateException("a table knows all its keys");
  }

  @Override
  public TableState state() {
    TableRecords now = records;
    long stale = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - heardNanos);
    return new TableState(now == null ? 0 : now.size(), stale, refused.get());
  }

  @Override
  public void heard() {
    heardNanos = System.nanoTime();
    if (!trouble.isEmpty()) {
      LOG.info("{}: it answers again", feed.name());
      trouble = "";
    }
  }

  @Override
  public void read(long count, String of) {
    // What fails halfway each time is not to be waited for without end.
    if (trouble.isEmpty()) {
      heardNanos = System.nanoTime();
    }
    if (System.nanoTime() - loggedNanos > LOG_EVERY_NANOS) {
      loggedNanos = System.nanoTime();
      LOG.info("{}: {} records of {} read", feed.name(), count, of);
    }
  }

  @Override
  public void away(String found) {
    trouble = tell(found, trouble, records == null ? ASKED_AGAIN : SERVES_ON);
  }

  @Override
  public void refused(String found) {
    refused.incrementAndGet();
    // Each has another place: a topic of such records is not to fill the log.
    if (System.nanoTime() - refusalLoggedNanos > LOG_EVERY_NANOS) {
      refusalLoggedNanos = System.nanoTime();
      LOG.warn("{}; it is passed over, {} so far", found, refused);
    }
  }

  private void run() {
    try (feed) {
      while (true) {
        load();
        TableRecords now = records;
        if (now != null) {
          follow(now);
        }
      }
    } catch (InterruptedException e) {
      // closed
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{}: the table cannot be kept", feed.name(), e);
      failure = e instanceof Exception exception ? exception : new IllegalStateException(e);
      loaded.countDown();
    }
  }

  private void load() throws InterruptedException {
    try {
      TableRecords all = feed.load(this);
      records = all;
      refusal = "";
      heard();
      LOG.info("{}: {} records loaded", feed.name(), all.size());
      loaded.countDown();
    } catch (IOException | TableTooLargeException e) {
      if (records == null && e instanceof TableTooLargeException tooLarge) {
        throw tooLarge;
      }
      refused.incrementAndGet();
      String found = String.valueOf(e.getMessage());
      if (records == null) {
        trouble = tell(found, trouble, ASKED_AGAIN);
      } else {
        refusal = tell(found, refusal, SERVES_ON);
      }
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    }
  }

  private void follow(TableRecords now) throws InterruptedException {
    try {
      feed.follow(now, this);
    } catch (IOException e) {
      trouble = tell(String.valueOf(e.getMessage()), trouble, SERVES_ON);
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    }
  }

  /** Says once what was found, until it is something else. */
  private String tell(String found, String before, String consequence) {
    if (!found.equals(before)) {
      TableRecords now = records;
      LOG.warn("{}; {}", found, consequence.formatted(now == null ? 0 : now.size()));
    }
    return found;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
