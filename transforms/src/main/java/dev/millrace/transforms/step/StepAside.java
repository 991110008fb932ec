package dev.millrace.transforms.step;

import dev.millrace.transforms.event.Event;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Does a step's work on a thread of its own, so that the function that feeds it goes on meanwhile.
 * What came while the thread was at work it works on together, in order: one event of a quiet
 * stream at once, a {@link Handful} where they come fast. So an event waits neither for others nor
 * for the end of its bundle, and bundles may be long.
 *
 * <p>What the step gives out comes in order too, from the function's own thread: while it takes a
 * later event, or at the bundle's end, when all work is done. What still waits then, it does
 * itself.
 */
final class StepAside implements EventStep {

  private static final int LONGEST_STOP_SECONDS = 60;

  private final EventStep step;
  private transient Handfuls handfuls;
  private transient @Nullable Thread thread;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  StepAside(EventStep step) {
    this.step = step;
  }

  @Override
  public void setUp() throws Exception {
    handfuls = new Handfuls();
    step.setUp();
    thread = new Thread(this::work, Thread.currentThread().getName() + " (aside)");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void startBundle() {
    handfuls.expectNone();
    step.startBundle();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    handfuls.add(event, timestamp, window);
    handfuls.giveOut(out);
  }

  @Override
  public void finish(Outlet out) throws IOException {
    Iterable<Handful> rest = handfuls.takeRest();
    handfuls.giveOut(out);
    for (Handful own : rest) {
      own.workOn(step, out);
    }
    step.finish(out);
  }

  @Override
  public Acknowledgement acknowledgement() {
    return step.acknowledgement();
  }

  @Override
  public void tearDown() {
    try {
      if (thread != null) {
        // What is under way belongs to a bundle that failed. It must not outlive what it works
        // with.
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(LONGEST_STOP_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      step.tearDown();
    }
  }

  private void work() {
    try {
      while (true) {
        Handful next = handfuls.take();
        handfuls.done(next.workAside(step));
      }
    } catch (InterruptedException e) {
      // torn down
    } catch (Throwable e) {
      handfuls.fail(e);
    }
  }
}
