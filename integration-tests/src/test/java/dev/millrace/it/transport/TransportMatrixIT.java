package dev.millrace.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of {@code integration-tests/matrix}: fewer records, the same cells. */
class TransportMatrixIT {

  private static final int EVENTS = 1_000;

  @Test
  void the_same_is_decided_on_every_transport_and_every_runner() throws IOException {
    List<TransportMatrix.Result> cells = TransportMatrix.of(EVENTS, 7).cells();
    cells.stream()
        .filter(cell -> cell.result().equals("skipped"))
        .forEach(cell -> System.out.println("SKIPPED " + cell));
    assertThat(cells).noneMatch(cell -> cell.result().equals("different"));
    assertThat(cells).anyMatch(cell -> cell.result().equals("equal"));
  }
}
