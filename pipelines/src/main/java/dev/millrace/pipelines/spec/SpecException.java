package dev.millrace.pipelines.spec;

import java.util.List;

/**
 * A spec that cannot be used. The message has one line per problem, each of the form {@code PLACE:
 * found ..., expected ...}, fit to be shown to the person who wrote the spec as it stands.
 */
public final class SpecException extends RuntimeException {

  private final List<String> problems;

  /** One problem at one place; the problem reads {@code found ..., expected ...}. */
  public SpecException(Place place, String problem) {
    this(List.of(place + ": " + problem));
  }

  /** Several problems, each with its place in front already. */
  public SpecException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems one by one, in the order in which they were found. */
  public List<String> problems() {
    return problems;
  }
}
