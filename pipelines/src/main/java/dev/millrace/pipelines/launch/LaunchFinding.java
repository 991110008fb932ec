package dev.millrace.pipelines.launch;

/**
 * Where the settings of a launch contradict what was promised.
 *
 * @param refused false for what is only worth knowing
 * @param found the setting, its value and what would come of it
 * @param remedy what to set instead
 */
public record LaunchFinding(boolean refused, String found, String remedy) {

  /** One line. */
  @Override
  public String toString() {
    return "%s: %s".formatted(found, remedy);
  }
}
