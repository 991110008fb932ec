package dev.millrace.pipelines.schema;

import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a registry has of a subject, as far as a candidate is held to it.
 *
 * @param mode by which it is judged
 * @param own by which the registry itself would judge
 * @param versions those that the mode asks for, and the last one in any case; oldest first
 * @param objections of the registry to the candidate
 */
record Subject(
    String name,
    CompatibilityMode mode,
    CompatibilityMode own,
    List<Version> versions,
    List<String> objections) {

  /** One version, by its number in the subject. */
  record Version(int number, SchemaText schema) {}

  Subject {
    versions = List.copyOf(versions);
    objections = List.copyOf(objections);
  }

  /**
   * Asks a registry.
   *
   * @param mode null for the subject's own
   * @throws dev.millrace.transforms.registry.SchemaSourceUnavailableException when it does not
   *     answer
   */
  static Subject read(
      ConfluentRegistry registry,
      String name,
      @Nullable CompatibilityMode mode,
      SchemaText candidate) {
    CompatibilityMode own =
        registry
            .compatibility(name)
            .map(CompatibilityMode::valueOf)
            .orElse(CompatibilityMode.BACKWARD);
    CompatibilityMode by = mode == null ? own : mode;
    List<Integer> numbers = registry.versions(name);
    List<Integer> needed =
        by == CompatibilityMode.NONE ? CompatibilityMode.FULL.of(numbers) : by.of(numbers);
    List<Version> versions = new ArrayList<>();
    for (int number : needed) {
      registry.version(name, number).map(s -> new Version(number, s)).ifPresent(versions::add);
    }
    boolean asked = !candidate.type().equals(SchemaText.AVRO) && by == own && !numbers.isEmpty();
    List<String> objections = asked ? registry.objections(name, candidate) : List.of();
    return new Subject(name, by, own, versions, objections);
  }

  Optional<Version> last() {
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
  }

  /** What stands against a candidate. */
  List<Finding> findings(SchemaText candidate) {
    List<Finding> findings = new ArrayList<>();
    for (Version version : mode.of(versions)) {
      if (!version.schema.type().equals(candidate.type())) {
        String other = "version %d is in %s".formatted(version.number, version.schema.type());
        findings.add(Finding.of(Severity.ERROR, "", other));
      } else if (candidate.type().equals(SchemaText.AVRO)) {
        findings.addAll(avro(candidate, version));
      }
    }
    objections.forEach(
        each -> findings.add(Finding.of(Severity.ERROR, "", "the registry objects: " + each)));
    return findings;
  }

  private List<Finding> avro(SchemaText candidate, Version version) {
    Schema ours = AvroFields.parse(candidate);
    Schema theirs = AvroFields.parse(version.schema);
    List<Finding> findings = new ArrayList<>();
    if (mode.backward()) {
      String sentence = "cannot read what version %d wrote".formatted(version.number);
      findings.addAll(AvroVersions.findings(ours, theirs, sentence));
    }
    if (mode.forward()) {
      String sentence = "cannot be read by version %d".formatted(version.number);
      findings.addAll(AvroVersions.findings(theirs, ours, sentence));
    }
    return findings;
  }

  /** Of other languages than Avro only the registry itself is the judge, and by its own mode. */
  boolean isJudged(SchemaText candidate) {
    return candidate.type().equals(SchemaText.AVRO) || mode == own;
  }

  @Override
  public String toString() {
    List<Integer> numbers = mode.of(versions).stream().map(Version::number).toList();
    return "subject %s by %s (%s)"
        .formatted(
            name, mode, versions.isEmpty() ? "no version yet" : "against versions " + numbers);
  }
}
