package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is said and refused before a pipeline is launched on Flink, which is not needed for it. */
class LaunchTest {

  private static final String CARD_FRAUD =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud/card-fraud.yaml")
          .toString();

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "run";
    all[1] = CARD_FRAUD;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Millrace.run(new PrintWriter(out, true), new PrintWriter(errors, true), all);
  }

  @Test
  void a_launch_is_explained_with_who_gave_what() {
    assertThat(
            run(
                "--explain",
                "--profile=throughput",
                "--maxBundleSize=500",
                "-Dexecution.buffer-timeout.interval=20 ms"))
        .isZero();
    assertThat(out.toString())
        .contains("profile throughput: as many decisions a second")
        .containsPattern("--maxBundleSize=500 +command line")
        .containsPattern("--maxBundleTimeMills=500 +profile throughput")
        .containsPattern("-Dexecution.buffer-timeout.interval=20 ms +command line")
        .containsPattern("-Dtaskmanager.numberOfTaskSlots=4 +embedded.yaml");
    assertThat(errors.toString()).contains("warning: found an embedded Flink");
  }

  @Test
  void a_launch_that_contradicts_its_profile_is_refused_with_all_that_is_wrong() {
    assertThat(run("--maxBundleTimeMills=1000", "--checkpointingMode=AT_LEAST_ONCE")).isEqualTo(2);
    assertThat(errors.toString().lines())
        .anyMatch(line -> line.equals("millrace run: refused to launch:"))
        .anyMatch(line -> line.startsWith("  found maxBundleTimeMills 1000, "))
        .anyMatch(line -> line.startsWith("  found checkpointingMode AT_LEAST_ONCE: "));
  }

  @Test
  void a_profile_that_is_not_there_is_a_mistake() {
    assertThat(run("--profile=fast")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("--profile: found 'fast', expected one of exactly-once, latency, throughput");
  }

  @Test
  void a_profile_without_flink_is_a_mistake() {
    assertThat(run("--runner=direct", "--profile=latency")).isEqualTo(2);
    assertThat(errors.toString()).contains("--runner=direct, expected --runner=flink");
  }
}
