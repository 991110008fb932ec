package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.Place;
import dev.millrace.pipelines.spec.SpecException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What is known so far while one spec is read: the places of its values, and its problems. */
final class Reading {

  private final Path folder;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Set<String> problems = new LinkedHashSet<>();

  Reading(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Map<String, Place> places() {
    return places;
  }

  void remember(String path, Place place) {
    places.put(path, place);
  }

  /** Notes a problem and lets the reading go on. */
  void report(String problem) {
    problems.add(problem);
  }

  /** Reads one part; when that fails the problem is noted and the other parts can still be read. */
  <T> Optional<T> attempt(Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (SpecException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  void throwIfAnyProblem() {
    if (!problems.isEmpty()) {
      throw new SpecException(List.copyOf(problems));
    }
  }
}
