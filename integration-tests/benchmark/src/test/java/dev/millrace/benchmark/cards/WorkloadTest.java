package dev.millrace.benchmark.cards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WorkloadTest {

  @Test
  void every_hundredth_record_is_one_before_again_byte_for_byte() {
    Workload workload = new Workload(10, true);

    assertThat(workload.value(199)).isEqualTo(workload.value(199 - 37));
    assertThat(workload.partition(199)).isEqualTo(workload.partition(199 - 37));
  }

  @Test
  void as_many_are_different_as_it_says() {
    Workload workload = new Workload(10, true);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1_234; i++) {
      ids.add(workload.id(i));
    }

    assertThat(ids).hasSize((int) workload.different(1_234));
  }

  @Test
  void an_id_tells_its_number() {
    assertThat(Workload.number(new Workload(10, false).id(42))).isEqualTo(42);
  }

  @Test
  void two_runs_send_the_same() {
    assertThat(new Workload(10, true).value(7)).isEqualTo(new Workload(10, true).value(7));
  }
}
