package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardWriterTest {

  private final FakeShard kafka = new FakeShard();

  @Test
  void records_and_progress_are_committed_together() throws IOException {
    Progress end = release(kafka.writer(), Progress.NONE, "a", "b");
    assertThat(kafka.committed).containsExactly("a", "b");
    assertThat(kafka.progress).isEqualTo(end);
    assertThat(end.count()).isEqualTo(2);
  }

  @Test
  void crash_after_the_commit_and_before_the_checkpoint_writes_nothing_twice() throws IOException {
    Progress checkpoint = release(kafka.writer(), Progress.NONE, "a", "b");
    release(kafka.writer(), checkpoint, "c", "d");
    // Restored from the checkpoint, with what the runner buffered and what came since.
    release(kafka.writer(), checkpoint, "c", "d", "e");
    assertThat(kafka.committed).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void what_two_checkpoints_hold_is_passed_over_in_two_releases() throws IOException {
    // The second was written before the runner told its state of the first.
    Progress first = release(kafka.writer(), Progress.NONE, "a", "b");
    release(kafka.writer(), first, "c", "d");
    ShardWriter restored = kafka.writer();
    Progress again = release(restored, Progress.NONE, "a", "b");
    release(restored, again, "c", "d");
    release(restored, release(restored, first, "c", "d"), "e");
    assertThat(kafka.committed).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void crash_within_a_transaction_leaves_nothing_of_it() throws IOException {
    ShardWriter crashed = kafka.writer();
    crashed.write(Progress.NONE, bytes("a"), bytes("a"));
    release(kafka.writer(), Progress.NONE, "a", "b");
    assertThat(kafka.committed).containsExactly("a", "b");
  }

  @Test
  void writer_that_was_replaced_can_commit_no_more() throws IOException {
    ShardWriter zombie = kafka.writer();
    zombie.write(Progress.NONE, bytes("a"), bytes("a"));
    release(kafka.writer(), Progress.NONE, "a");
    assertThatThrownBy(zombie::commit).hasMessage("fenced");
    assertThat(kafka.committed).containsExactly("a");
  }

  @Test
  void state_of_an_older_checkpoint_is_told_from_the_newest() throws IOException {
    Progress older = release(kafka.writer(), Progress.NONE, "a");
    release(kafka.writer(), older, "b", "c");
    assertThatThrownBy(() -> release(kafka.writer(), older, "c", "b", "d"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "sink s, shard 0: found other records written than those that are to be written again")
        .hasMessageContaining("Start from the newest");
    assertThat(kafka.committed).containsExactly("a", "b", "c");
  }

  @Test
  void another_pipeline_under_the_same_id_is_noticed() throws IOException {
    Progress own = release(kafka.writer(), Progress.NONE, "a");
    FakeShard others = new FakeShard();
    release(others.writer(), Progress.NONE, "x");
    assertThatThrownBy(() -> release(others.writer(), own, "b"))
        .hasMessageContaining("found other records written");
  }

  @Test
  void acknowledged_records_that_kafka_lost_are_an_error() throws IOException {
    Progress end = release(kafka.writer(), Progress.NONE, "a", "b");
    FakeShard younger = new FakeShard();
    release(younger.writer(), Progress.NONE, "a");
    assertThatThrownBy(() -> release(younger.writer(), end, "c"))
        .hasMessageStartingWith(
            "sink s, shard 0: found 1 records committed, expected the 2 of the state or more");
  }

  @Test
  void progress_that_kafka_forgot_for_its_age_goes_on_from_the_state() throws IOException {
    Progress end = release(kafka.writer(), Progress.NONE, "a", "b");
    kafka.progress = null;
    release(kafka.writer(), end, "c");
    assertThat(kafka.committed).containsExactly("a", "b", "c");
  }

  @Test
  void long_release_is_split_into_transactions_that_each_say_how_far_it_is() throws IOException {
    String[] many =
        IntStream.rangeClosed(0, ShardWriter.LONGEST_TRANSACTION)
            .mapToObj(Integer::toString)
            .toArray(String[]::new);
    ShardWriter writer = kafka.writer();
    Progress progress = Progress.NONE;
    for (String each : many) {
      progress = writer.write(progress, bytes(each), bytes(each));
    }
    assertThat(kafka.committed).hasSize(ShardWriter.LONGEST_TRANSACTION);
    release(kafka.writer(), Progress.NONE, many);
    assertThat(kafka.committed).containsExactly(many);
  }

  @Test
  void seeded_crashes_at_any_moment_leave_each_record_once_and_in_order() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      FakeShard shard = new FakeShard();
      new CrashingRunner(new Random(seed), shard).run(300);
      assertThat(shard.committed)
          .as("seed %d", seed)
          .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(Integer::toString).toList());
    }
  }

  static Progress release(ShardWriter writer, Progress before, String... records)
      throws IOException {
    Progress progress = before;
    for (String record : records) {
      progress = writer.write(progress, bytes(record), bytes(record));
    }
    writer.commit();
    return progress;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /**
   * A runner as Flink is: elements are buffered until the checkpoint that holds them is complete,
   * released then, and after a crash it goes on from the last complete checkpoint.
   */
  private static final class CrashingRunner {
    private record Checkpoint(int read, List<String> buffered, Progress progress) {}

    private final Random random;
    private final FakeShard shard;
    private Checkpoint last = new Checkpoint(0, List.of(), Progress.NONE);

    CrashingRunner(Random random, FakeShard shard) {
      this.random = random;
      this.shard = shard;
    }

    void run(int records) throws IOException {
      boolean done = false;
      while (!done) {
        try {
          done = tryToTheEnd(records);
        } catch (Crash crash) {
          // restored from the last checkpoint
        }
      }
    }

    private boolean tryToTheEnd(int records) throws IOException {
      ShardWriter writer = shard.writer();
      Progress progress = last.progress();
      List<String> pending = new ArrayList<>(last.buffered());
      int read = last.read();
      boolean done = false;
      while (!done) {
        done = read == records;
        int next = Math.min(records, read + random.nextInt(20));
        IntStream.range(read, next).mapToObj(Integer::toString).forEach(pending::add);
        read = next;
        last = new Checkpoint(read, List.copyOf(pending), progress);
        crashSometimes();
        for (String each : pending) {
          progress = writer.write(progress, bytes(each), bytes(each));
          crashSometimes();
        }
        writer.commit();
        crashSometimes();
        pending.clear();
      }
      return true;
    }

    private void crashSometimes() {
      if (random.nextInt(60) == 0) {
        throw new Crash();
      }
    }
  }

  private static final class Crash extends RuntimeException {}
}
