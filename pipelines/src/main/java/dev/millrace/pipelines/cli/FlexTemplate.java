package dev.millrace.pipelines.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The main class of Dataflow's flex template, whose launcher gives parameters and Beam's options
 * alike as {@code --name=value}: {@code millrace run SPEC --runner=dataflow} with them.
 */
public final class FlexTemplate {

  private static final String SPEC = "--spec=";
  private static final String SET = "--set=";
  private static final String RUNNER = "--runner=";

  private FlexTemplate() {}

  public static void main(String[] parameters) {
    Millrace.main(arguments(List.of(parameters)).toArray(String[]::new));
  }

  /**
   * The command line.
   *
   * @throws IllegalArgumentException when there is no specification
   */
  static List<String> arguments(List<String> parameters) {
    List<String> spec = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String parameter : parameters) {
      if (parameter.startsWith(SPEC)) {
        spec.add(parameter.substring(SPEC.length()));
      } else if (parameter.startsWith(SET)) {
        for (String change : parameter.substring(SET.length()).split(";", -1)) {
          others.add(SET + change);
        }
      } else if (!parameter.startsWith(RUNNER)) {
        others.add(parameter);
      }
    }
    if (spec.size() != 1) {
      throw new IllegalArgumentException(
          "found parameters %s, expected one spec=PATH among them".formatted(parameters));
    }
    List<String> all = new ArrayList<>(List.of("run", spec.get(0), "--runner=dataflow"));
    all.addAll(others);
    return all;
  }
}
