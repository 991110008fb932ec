package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SpecException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A map whose keys are known. Keys that are not are all reported, and the reading goes on. */
final class Section {

  /** Words of the specification that this version has no stage for. */
  private static final Set<String> NOT_SUPPORTED =
      Set.of("distinct", "since", "sequence", "resolution", "mask", "tests");

  private final Reading reading;
  private final Value owner;
  private final Map<String, Tree.Entry> entries;
  private final Map<String, SpecException> misspelt = new LinkedHashMap<>();

  Section(Reading reading, Value owner, List<String> keys, Map<String, Tree.Entry> entries) {
    this.reading = reading;
    this.owner = owner;
    this.entries = entries;
    entries.forEach(
        (key, entry) -> {
          if (!keys.contains(key)) {
            SpecException problem = unknown(key, entry, keys);
            problem.problems().forEach(reading::report);
            misspelt.put(Suggestion.closest(key, keys).orElse(""), problem);
          }
        });
  }

  Value required(String key) {
    return optional(key).orElseThrow(() -> missing(key));
  }

  Optional<Value> optional(String key) {
    return Optional.ofNullable(entries.get(key))
        .map(entry -> new Value(reading, owner.pathOfKey(key), entry.value()))
        .filter(value -> !value.isLeftOut());
  }

  /** Reads a required part without giving up the parts beside it when it is wrong. */
  <T> Optional<T> readRequired(String key, Function<Value, T> part) {
    return reading.attempt(() -> part.apply(required(key)));
  }

  /** Reads an optional part without giving up the parts beside it when it is wrong. */
  <T> Optional<T> read(String key, Function<Value, T> part) {
    return optional(key).flatMap(value -> reading.attempt(() -> part.apply(value)));
  }

  Chosen exactlyOne(List<String> keys) {
    List<Chosen> given =
        keys.stream()
            .flatMap(key -> optional(key).map(value -> new Chosen(key, value)).stream())
            .toList();
    if (given.size() == 1) {
      return given.get(0);
    }
    if (given.isEmpty() && !misspelt.isEmpty()) {
      throw misspelt.values().iterator().next();
    }
    String found =
        given.isEmpty()
            ? "none of them"
            : String.join(" and ", given.stream().map(each -> "'" + each.key() + "'").toList());
    throw owner.problem(
        "found %s, expected exactly one of %s%s"
            .formatted(found, String.join(", ", keys), owner.forPath()));
  }

  /** That a key is missing, unless it is there and misspelt. */
  SpecException missing(String key) {
    // The misspelt key has been reported already: the same problem again is kept once.
    SpecException written = misspelt.get(key);
    return written != null
        ? written
        : owner.problem("found no '%s', expected one%s".formatted(key, owner.forPath()));
  }

  private SpecException unknown(String key, Tree.Entry entry, List<String> keys) {
    String found =
        NOT_SUPPORTED.contains(key)
            ? "'" + key + "', which is not supported yet"
            : "the unknown key '" + key + "'";
    String suggestion = NOT_SUPPORTED.contains(key) ? "" : didYouMean(key, keys);
    return new SpecException(
        entry.keyPlace(),
        "found %s, expected one of %s%s%s"
            .formatted(found, String.join(", ", keys), owner.forPath(), suggestion));
  }

  static String didYouMean(String written, List<String> accepted) {
    return Suggestion.closest(written, accepted)
        .map(word -> " (did you mean '" + word + "'?)")
        .orElse("");
  }

  /** The one key of several that was given, and its value. */
  record Chosen(String key, Value value) {}
}
