package dev.millrace.pipelines.launch;

import dev.millrace.pipelines.launch.LaunchCheck.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds what Dataflow, or a worker of it, would refuse later, and where the settings of a launch
 * contradict what is promised. It connects to nothing.
 */
public final class DataflowCheck {

  private static final Pattern THIS_MACHINE =
      Pattern.compile("(?:.*[/,@])?(?:localhost|127\\.0\\.0\\.1)(?:[:/,].*)?");

  private final Map<String, String> options;
  private final Promise promise;
  private final List<LaunchFinding> findings = new ArrayList<>();

  private DataflowCheck(Map<String, String> options, Promise promise) {
    this.options = options;
    this.promise = promise;
  }

  /**
   * All findings.
   *
   * @param options Beam's, by name
   * @param servers that the pipeline connects to: {@code host:port}, or addresses
   */
  public static List<LaunchFinding> findings(
      Map<String, String> options, Promise promise, List<String> servers) {
    DataflowCheck check = new DataflowCheck(options, promise);
    check.places();
    check.delivery();
    check.workers(servers);
    return List.copyOf(check.findings);
  }

  private void places() {
    if (!options.containsKey("region")) {
      refuse("no region", "set --region=europe-west1, or another");
    }
    if (!options.containsKey("tempLocation") && !options.containsKey("gcpTempLocation")) {
      refuse("no tempLocation", "set --tempLocation=gs://BUCKET/temp");
    }
    for (String name : List.of("tempLocation", "gcpTempLocation", "stagingLocation")) {
      String folder = options.getOrDefault(name, "gs://");
      if (!folder.startsWith("gs://")) {
        refuse("%s %s".formatted(name, folder), "set --%s=gs://BUCKET/FOLDER".formatted(name));
      }
    }
  }

  private void delivery() {
    if (!promise.once()) {
      return;
    }
    if (isAskedFor("use_runner_v2")) {
      refuse(
          "runner v2 under delivery exactlyOnce: it takes no notice of stable input, on which that"
              + " rests",
          "leave use_runner_v2 out, or --set to.kafka.delivery=atLeastOnce");
    }
    if (isAskedFor("streaming_mode_at_least_once")) {
      refuse(
          "streaming_mode_at_least_once under delivery exactlyOnce",
          "leave it out, or --set to.kafka.delivery=atLeastOnce");
    }
  }

  /** The service takes it from either option. */
  private boolean isAskedFor(String mode) {
    return options.getOrDefault("experiments", "").contains(mode)
        || options.getOrDefault("dataflowServiceOptions", "").contains(mode);
  }

  private void workers(List<String> servers) {
    if (promise.infers() && !options.containsKey("sdkContainerImage")) {
      refuse(
          "a model and no image of the workers that has it",
          "set --sdkContainerImage to what runners-config/dataflow/worker.Dockerfile makes");
    }
    for (String server : servers) {
      if (THIS_MACHINE.matcher(server).matches()) {
        refuse(
            "%s, which on a worker is the worker itself".formatted(server),
            "set an address that the workers reach");
      }
    }
  }

  private void refuse(String found, String remedy) {
    findings.add(new LaunchFinding(true, "found " + found, remedy));
  }
}
