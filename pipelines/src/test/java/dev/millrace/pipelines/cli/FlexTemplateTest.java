package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlexTemplateTest {

  @Test
  void parameters_are_a_command_line() {
    assertThat(
            FlexTemplate.arguments(
                List.of(
                    "--runner=DataflowRunner",
                    "--spec=/opt/p.yaml",
                    "--set=to.kafka.topic=a;decide.otherwise=HOLD",
                    "--region=europe-west1")))
        .containsExactly(
            "run",
            "/opt/p.yaml",
            "--runner=dataflow",
            "--set=to.kafka.topic=a",
            "--set=decide.otherwise=HOLD",
            "--region=europe-west1");
  }

  @Test
  void a_specification_is_needed() {
    assertThatThrownBy(() -> FlexTemplate.arguments(List.of("--region=europe-west1")))
        .hasMessage("found parameters [--region=europe-west1], expected one spec=PATH among them");
  }
}
