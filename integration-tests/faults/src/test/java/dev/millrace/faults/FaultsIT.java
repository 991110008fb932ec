package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.faults.Scene.Backend;
import dev.millrace.faults.Scene.Delivery;
import dev.millrace.faults.Trial.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code millrace bench faults}: fewer kills, fewer payments, the same oracle.
 */
class FaultsIT {

  private static final int IDS = 6_000;
  private static final int RATE = 300;
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void no_payment_is_lost_or_altered_whoever_is_killed() throws IOException {
    List<Fault> faults =
        List.of(Fault.TASKMANAGER_KILLED, Fault.BROKER_KILLED, Fault.JOBMANAGER_KILLED);
    check(new Trial("short", faults, Delivery.AT_LEAST_ONCE, Backend.ROCKSDB));
  }

  @Test
  void state_that_is_changed_in_place_on_the_heap_comes_back_as_a_checkpoint_had_it()
      throws IOException {
    List<Fault> faults = List.of(Fault.TASKMANAGER_KILLED, Fault.TASKMANAGERS_KILLED);
    check(new Trial("short, heap", faults, Delivery.AT_LEAST_ONCE, Backend.HASHMAP));
  }

  @Test
  void reader_of_committed_records_sees_each_decision_once_through_a_kill() throws IOException {
    Outcome outcome =
        check(
            new Trial(
                "short, exactly once",
                List.of(Fault.TASKMANAGER_KILLED),
                Delivery.EXACTLY_ONCE,
                Backend.ROCKSDB));
    assertThat(outcome.findings().rawDuplicates()).isZero();
  }

  private Outcome check(Trial trial) throws IOException {
    Outcome outcome =
        trial.run(folder, 1, RATE, IDS, WARM_UP, text -> System.out.println("  " + text));
    assertThat(outcome.findings().examples()).isEmpty();
    assertThat(outcome.findings().good()).isTrue();
    assertThat(outcome.findings().ids()).isGreaterThan(IDS * 9 / 10);
    assertThat(outcome.state()).isEqualTo("RUNNING");
    assertThat(outcome.secondsToCalm()).noneMatch(seconds -> seconds.isNaN());
    return outcome;
  }
}
