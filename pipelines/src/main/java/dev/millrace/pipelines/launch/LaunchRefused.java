package dev.millrace.pipelines.launch;

import java.util.List;
import java.util.stream.Collectors;

/** A launch whose settings contradict what is promised; the message has a line for each finding. */
public final class LaunchRefused extends RuntimeException {

  public LaunchRefused(List<LaunchFinding> findings) {
    super(
        findings.stream()
            .map(LaunchFinding::toString)
            .collect(Collectors.joining("\n  ", "refused to launch:\n  ", "")));
  }
}
