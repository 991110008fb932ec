package dev.millrace.pipelines.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.launch.LaunchCheck.Promise;
import dev.millrace.pipelines.spec.SinkSpec.Delivery;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchCheckTest {

  private static final Path CONFIG =
      Path.of(System.getProperty("millrace.root"), "runners-config", "flink");
  private static final Promise AT_LEAST_ONCE = promise(Delivery.AT_LEAST_ONCE, true);
  private static final Promise EXACTLY_ONCE = promise(Delivery.EXACTLY_ONCE, true);

  private static LaunchProfile profile(String name) {
    return LaunchProfile.of(CONFIG.resolve("profiles"), name);
  }

  /** A profile on a cluster that has the shipped configuration. */
  private static LaunchSettings onCluster(String profile) {
    return LaunchSettings.none()
        .withProfile(profile(profile))
        .withCluster(LaunchProfile.settings(CONFIG.resolve("config.yaml")), "config.yaml");
  }

  private static List<LaunchFinding> check(String profile, LaunchSettings settings) {
    return check(profile, settings, LaunchTarget.CLUSTER, AT_LEAST_ONCE);
  }

  private static List<LaunchFinding> check(
      String profile, LaunchSettings settings, LaunchTarget target, Promise promise) {
    return LaunchCheck.findings(profile(profile), settings, target, promise);
  }

  /** The only finding for latency on a cluster with one option more, by hand. */
  private static LaunchFinding withOption(String name, String value) {
    return only(onCluster("latency").withOptions(Map.of(name, value), "command line"));
  }

  private static LaunchFinding withFlink(String name, String value) {
    return only(onCluster("latency").withJob(Map.of(name, value), "command line"));
  }

  private static LaunchFinding only(LaunchSettings settings) {
    List<LaunchFinding> findings = check("latency", settings);
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  private static void assertRefused(LaunchFinding finding, String found, String remedy) {
    assertThat(finding.found()).startsWith("found ").contains(found);
    assertThat(finding.remedy()).contains(remedy);
    assertThat(finding.refused()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"latency,AT_LEAST_ONCE", "throughput,AT_LEAST_ONCE", "exactly-once,EXACTLY_ONCE"})
  void a_profile_as_it_ships_on_a_cluster_as_it_ships_has_nothing_against_it(
      String profile, Delivery delivery) {
    Promise promise = promise(delivery, true);
    assertThat(check(profile, onCluster(profile), LaunchTarget.CLUSTER, promise)).isEmpty();
  }

  @Test
  void checkpoints_off_on_a_cluster() {
    assertRefused(
        withOption("checkpointingInterval", "-1"),
        "no checkpoints",
        "--checkpointingInterval=1000");
  }

  @Test
  void checkpoints_off_in_the_launchers_own_process_is_only_said() {
    LaunchSettings settings =
        LaunchSettings.none()
            .withProfile(profile("latency"))
            .withOptions(Map.of("checkpointingInterval", "-1"), "command line");
    assertThat(check("latency", settings, LaunchTarget.EMBEDDED, AT_LEAST_ONCE))
        .extracting(LaunchFinding::refused)
        .containsExactly(false, false);
    assertThat(check("exactly-once", settings, LaunchTarget.EMBEDDED, EXACTLY_ONCE))
        .extracting(LaunchFinding::refused)
        .containsExactly(true, true, false);
  }

  @Test
  void checkpoints_by_flinks_own_setting_are_checkpoints() {
    LaunchSettings settings =
        onCluster("latency")
            .withOptions(Map.of("checkpointingInterval", "-1"), "command line")
            .withJob(Map.of("execution.checkpointing.interval", "2 s"), "command line");
    assertThat(check("latency", settings)).isEmpty();
    assertThat(check("exactly-once", settings, LaunchTarget.CLUSTER, EXACTLY_ONCE))
        .extracting(LaunchFinding::remedy)
        .contains("set --checkpointingInterval=2000");
  }

  @Test
  void one_second_bundles_under_a_latency_goal() {
    assertRefused(
        withOption("maxBundleTimeMills", "1000"),
        "maxBundleTimeMills 1000",
        "--profile=throughput");
    LaunchSettings settings = onCluster("throughput");
    assertThat(
            check(
                "throughput",
                settings.withOptions(Map.of("maxBundleTimeMills", "1000"), "command line")))
        .isEmpty();
  }

  @Test
  void buffers_that_may_fill_for_a_second_under_a_latency_goal() {
    assertRefused(
        withFlink("execution.buffer-timeout.interval", "1 s"),
        "execution.buffer-timeout.interval 1000 ms",
        "-Dexecution.buffer-timeout.interval=1ms");
  }

  @Test
  void an_exactly_once_sink_under_a_latency_goal() {
    List<LaunchFinding> findings =
        check("latency", onCluster("latency"), LaunchTarget.CLUSTER, EXACTLY_ONCE);
    assertThat(findings).hasSize(1);
    assertRefused(findings.get(0), "delivery exactlyOnce", "--profile=exactly-once");
  }

  @Test
  void an_at_least_once_sink_under_the_profile_that_promises_more() {
    List<LaunchFinding> findings =
        check("exactly-once", onCluster("exactly-once"), LaunchTarget.CLUSTER, AT_LEAST_ONCE);
    assertThat(findings).hasSize(1);
    assertRefused(findings.get(0), "delivery atLeastOnce", "to.kafka.delivery=exactlyOnce");
  }

  @Test
  void an_exactly_once_sink_with_too_few_buffers_for_a_savepoint() {
    LaunchSettings settings =
        onCluster("exactly-once")
            .withOptions(Map.of("numConcurrentCheckpoints", "1"), "command line");
    List<LaunchFinding> findings =
        check("exactly-once", settings, LaunchTarget.CLUSTER, EXACTLY_ONCE);
    assertThat(findings).hasSize(1);
    assertRefused(findings.get(0), "numConcurrentCheckpoints 1", "--numConcurrentCheckpoints=16");
  }

  @Test
  void dead_letters_that_are_written_once_need_the_buffers_as_well() {
    Promise promise = new Promise(Delivery.AT_LEAST_ONCE, Delivery.EXACTLY_ONCE, true);
    List<LaunchFinding> findings =
        check("latency", onCluster("latency"), LaunchTarget.CLUSTER, promise);
    assertThat(findings).hasSize(1);
    assertRefused(findings.get(0), "numConcurrentCheckpoints 1", "--numConcurrentCheckpoints=16");
  }

  private static Promise promise(Delivery delivery, boolean infers) {
    return new Promise(delivery, delivery, infers);
  }

  @Test
  void checkpoints_in_the_memory_of_a_process() {
    assertRefused(withFlink("state.checkpoint-storage", "jobmanager"), "jobmanager", "filesystem");
    LaunchSettings bare = LaunchSettings.none().withProfile(profile("latency"));
    assertThat(
            check(
                "latency", bare.withJob(Map.of("classloader.resolve-order", "parent-first"), "-D")))
        .extracting(LaunchFinding::found)
        .singleElement()
        .asString()
        .contains("no state.checkpoints.dir");
  }

  @Test
  void checkpoints_that_go_with_the_job() {
    assertRefused(
        withOption("retainExternalizedCheckpointsOnCancellation", "false"),
        "go when the job is cancelled",
        "--retainExternalizedCheckpointsOnCancellation=true");
  }

  @Test
  void checkpoints_kept_by_flinks_own_setting_are_kept() {
    LaunchSettings settings =
        onCluster("latency")
            .withOptions(Map.of("externalizedCheckpointsEnabled", "false"), "command line")
            .withJob(
                Map.of(
                    "execution.checkpointing.externalized-checkpoint-retention",
                    "RETAIN_ON_CANCELLATION"),
                "command line");
    assertThat(check("latency", settings)).isEmpty();
  }

  @Test
  void checkpoints_that_may_take_an_event_twice() {
    assertRefused(
        withOption("checkpointingMode", "AT_LEAST_ONCE"),
        "never decided",
        "--checkpointingMode=EXACTLY_ONCE");
  }

  @Test
  void one_failed_checkpoint_that_starts_all_again() {
    assertRefused(
        withFlink("execution.checkpointing.tolerable-failed-checkpoints", "0"),
        "no failed checkpoint tolerated",
        "tolerable-failed-checkpoints=10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "off", "disable", "fixed-delay", "fixeddelay", "failure-rate"})
  void a_restart_strategy_that_gives_up(String strategy) {
    assertRefused(withFlink("restart-strategy.type", strategy), "restarts", "exponential-delay");
  }

  @Test
  void a_restart_strategy_that_may_try_often_enough() {
    LaunchSettings settings =
        onCluster("latency")
            .withJob(
                Map.of(
                    "restart-strategy.type", "fixed-delay",
                    "restart-strategy.fixed-delay.attempts", "1000"),
                "command line");
    assertThat(check("latency", settings)).isEmpty();
    assertRefused(
        withOption("numberOfExecutionRetries", "3"),
        "numberOfExecutionRetries: 3 restarts",
        "exponential-delay");
  }

  @Test
  void more_parallel_than_there_are_groups_of_keys() {
    LaunchSettings settings =
        onCluster("latency")
            .withOptions(Map.of("parallelism", "16", "maxParallelism", "8"), "command line");
    assertRefused(only(settings), "parallelism 16 above maxParallelism 8", "--maxParallelism");
  }

  @Test
  void a_source_in_many_parts_under_a_latency_goal_is_only_said() {
    LaunchFinding finding = withOption("maxParallelism", "128");
    assertThat(finding.refused()).isFalse();
    assertThat(finding.found()).contains("maxParallelism 128");
    assertThat(
            check(
                "throughput",
                onCluster("throughput").withOptions(Map.of("maxParallelism", "128"), "by hand")))
        .isEmpty();
  }

  @Test
  void copies_left_out_where_state_is_copied() {
    assertRefused(withOption("fasterCopy", "true"), "fasterCopy", "objectReuse");
  }

  @Test
  void metrics_off_is_only_said() {
    assertThat(withOption("disableMetrics", "true").refused()).isFalse();
  }

  @Test
  void state_that_may_be_dropped_is_only_said() {
    assertThat(withOption("allowNonRestoredState", "true").refused()).isFalse();
  }

  @Test
  void a_savepoint_that_the_embedded_flink_would_pass_over() {
    LaunchSettings settings =
        LaunchSettings.none()
            .withProfile(profile("latency"))
            .withOptions(Map.of("savepointPath", "/savepoints/1"), "command line");
    List<LaunchFinding> findings = check("latency", settings, LaunchTarget.EMBEDDED, AT_LEAST_ONCE);
    assertRefused(findings.get(0), "savepointPath without a cluster", "--flinkMaster");
  }

  @Test
  void a_cluster_that_loads_tensorflow_from_the_job() {
    LaunchSettings settings =
        onCluster("latency")
            .withCluster(
                Map.of("classloader.parent-first-patterns.additional", "org.tensorflow;x"),
                "cluster");
    assertRefused(
        only(settings),
        "com.google.protobuf, org.bytedeco from the job",
        "classloader.parent-first-patterns.additional");
    Promise withoutModel = promise(Delivery.AT_LEAST_ONCE, false);
    assertThat(check("latency", settings, LaunchTarget.CLUSTER, withoutModel)).isEmpty();
  }

  @Test
  void a_duration_that_is_none() {
    assertRefused(withFlink("execution.buffer-timeout.interval", "soon"), "'soon'", "correct it");
  }

  @Test
  void everything_wrong_is_said_at_once() {
    LaunchSettings settings =
        onCluster("latency")
            .withOptions(
                Map.of(
                    "checkpointingMode", "AT_LEAST_ONCE",
                    "maxBundleTimeMills", "1000",
                    "disableMetrics", "true"),
                "command line");
    List<LaunchFinding> findings = check("latency", settings);
    assertThat(findings).extracting(LaunchFinding::refused).containsExactly(true, true, false);
    assertThat(new LaunchRefused(findings.subList(0, 2))).message().hasLineCount(3);
  }
}
