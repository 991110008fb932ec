package dev.millrace.pipelines.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.launch.LaunchCheck.Promise;
import dev.millrace.pipelines.spec.SinkSpec.Delivery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataflowCheckTest {

  private static final Promise PLAIN =
      new Promise(Delivery.AT_LEAST_ONCE, Delivery.AT_LEAST_ONCE, false);
  private static final Promise ONCE =
      new Promise(Delivery.EXACTLY_ONCE, Delivery.AT_LEAST_ONCE, false);
  private static final Map<String, String> GOOD =
      Map.of("region", "europe-west1", "tempLocation", "gs://bank/temp");

  @Test
  void a_good_launch_has_no_findings() {
    assertThat(findings(GOOD, PLAIN, "broker-1:9092", "https://registry.bank")).isEmpty();
    assertThat(findings(GOOD, ONCE)).isEmpty();
    assertThat(
            findings(
                with("sdkContainerImage", "worker"),
                new Promise(Delivery.AT_LEAST_ONCE, Delivery.AT_LEAST_ONCE, true)))
        .isEmpty();
  }

  @Test
  void a_region_and_folders_in_cloud_storage_are_needed() {
    assertThat(findings(Map.of(), PLAIN))
        .containsExactly(
            "found no region: set --region=europe-west1, or another",
            "found no tempLocation: set --tempLocation=gs://BUCKET/temp");
    assertThat(findings(with("stagingLocation", "/tmp/staging"), PLAIN))
        .containsExactly(
            "found stagingLocation /tmp/staging: set --stagingLocation=gs://BUCKET/FOLDER");
  }

  @Test
  void exactly_once_needs_the_first_runner_and_its_first_mode() {
    assertThat(findings(with("experiments", "use_runner_v2"), ONCE))
        .singleElement()
        .asString()
        .startsWith("found runner v2 under delivery exactlyOnce");
    assertThat(findings(with("dataflowServiceOptions", "streaming_mode_at_least_once"), ONCE))
        .singleElement()
        .asString()
        .startsWith("found streaming_mode_at_least_once under delivery exactlyOnce");
    assertThat(findings(with("experiments", "use_runner_v2"), PLAIN)).isEmpty();
  }

  @Test
  void a_model_needs_workers_that_have_it() {
    Promise infers = new Promise(Delivery.AT_LEAST_ONCE, Delivery.AT_LEAST_ONCE, true);
    assertThat(findings(GOOD, infers))
        .containsExactly(
            "found a model and no image of the workers that has it: set --sdkContainerImage to what"
                + " runners-config/dataflow/worker.Dockerfile makes");
  }

  @Test
  void a_server_on_this_machine_is_not_on_a_worker() {
    assertThat(findings(GOOD, PLAIN, "127.0.0.1:9092", "a:1,localhost:2", "http://localhost:8081"))
        .hasSize(3);
    assertThat(findings(GOOD, PLAIN, "localhost.bank:9092", "10.127.0.0:1")).isEmpty();
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> options = new HashMap<>(GOOD);
    options.put(name, value);
    return options;
  }

  private static List<String> findings(
      Map<String, String> options, Promise promise, String... servers) {
    return DataflowCheck.findings(options, promise, List.of(servers)).stream()
        .map(LaunchFinding::toString)
        .toList();
  }
}
