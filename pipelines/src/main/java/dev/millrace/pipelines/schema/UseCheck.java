package dev.millrace.pipelines.schema;

import dev.millrace.pipelines.schema.TypeShift.Shift;
import dev.millrace.transforms.event.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a candidate, of which every record can be read, to what the pipeline does with the fields:
 * a default that stands in for what is not written any more, and a number that is read as another
 * type, break no reader and shift what the model is given.
 */
final class UseCheck {

  private final FieldUses uses;
  private final String before;
  private final Set<String> refused;
  private final List<Finding> findings = new ArrayList<>();

  private UseCheck(FieldUses uses, String before, Set<String> refused) {
    this.uses = uses;
    this.before = before;
    this.refused = refused;
  }

  /**
   * @param candidate what will be written
   * @param last what is written today, null when that is not known
   * @param before what {@code last} is called: {@code version 3}
   * @param refused the fields of which something cannot be read, and which need no second finding
   */
  static List<Finding> findings(
      List<SchemaField> contract,
      List<SchemaField> candidate,
      @Nullable List<SchemaField> last,
      FieldUses uses,
      String before,
      Set<String> refused) {
    UseCheck check = new UseCheck(uses, before, refused);
    check.record(contract, candidate, last);
    return List.copyOf(check.findings);
  }

  private void record(
      List<SchemaField> contract, List<SchemaField> candidate, @Nullable List<SchemaField> last) {
    Set<SchemaField> read = new HashSet<>();
    for (SchemaField field : contract) {
      SchemaField written = written(field, candidate);
      SchemaField old = last == null ? null : written(field, last);
      if (written == null) {
        missing(field, last != null && old == null, candidate, contract);
      } else {
        read.add(written);
        present(field, written, old);
      }
    }
    for (SchemaField field : candidate) {
      if (!read.contains(field) && (last == null || field.among(last) == null)) {
        findings.add(
            Finding.of(
                Severity.INFO,
                field.path(),
                "found a new field, %s: the contract has it not, so it is passed over"
                    .formatted(field.type())));
      }
    }
  }

  /** By the contract's names alone: what a writer calls an alias concerns its own readers. */
  private static @Nullable SchemaField written(SchemaField field, List<SchemaField> writer) {
    if (field.number() > 0) {
      return field.among(writer);
    }
    for (String name : field.names()) {
      for (SchemaField each : writer) {
        if (each.name().equals(name)) {
          return each;
        }
      }
    }
    return null;
  }

  /** What has no default is told where the contract is resolved. */
  private void missing(
      SchemaField field,
      boolean asBefore,
      List<SchemaField> candidate,
      List<SchemaField> contract) {
    if (!field.optional()) {
      return;
    }
    List<String> usedBy = uses.of(field.path());
    Severity severity =
        usedBy.isEmpty() ? Severity.INFO : asBefore ? Severity.WARNING : Severity.ERROR;
    List<String> unknown =
        candidate.stream()
            .filter(
                each -> contract.stream().noneMatch(known -> known.names().contains(each.name())))
            .map(SchemaField::name)
            .toList();
    findings.add(
        new Finding(
            severity,
            field.path(),
            "found no such field%s: every event has the contract's default %s%s"
                .formatted(
                    Suggestion.didYouMean(field.name(), unknown),
                    field.defaultText(),
                    asBefore ? ", as with " + before : " from now on"),
            usedBy));
  }

  private void present(SchemaField field, SchemaField written, @Nullable SchemaField old) {
    if (!written.name().equals(field.name())) {
      boolean numbered = field.number() > 0 && field.number() == written.number();
      String same =
          numbered ? "is the same by its number" : "the contract knows as another name of it";
      String reason = "found '%s', which %s".formatted(written.name(), same);
      findings.add(Finding.of(Severity.INFO, field.path(), reason));
    }
    nullability(field, written, old);
    type(field, written, old);
    if (!field.fields().isEmpty() && field.type().equals(written.type())) {
      record(field.fields(), written.fields(), old == null ? null : old.fields());
    }
  }

  private void nullability(SchemaField field, SchemaField written, @Nullable SchemaField old) {
    boolean asBefore = old != null && old.nullable();
    if (!written.nullable() || !field.nullable() || asBefore) {
      return;
    }
    List<String> failing = new ArrayList<>(uses.failingOnNull(field.path()));
    if (uses.identifies(field.path())) {
      failing.add("the stage that needs it as id, time or key");
    }
    if (uses.isInput(field.path())) {
      failing.add("the model");
    }
    List<String> usedBy = uses.of(field.path());
    if (!failing.isEmpty()) {
      findings.add(
          new Finding(
              old == null ? Severity.WARNING : Severity.ERROR,
              field.path(),
              "found that it may be null, on which %s fails: a dead letter each"
                  .formatted(String.join(" and ", failing)),
              usedBy));
    } else if (old != null) {
      findings.add(
          new Finding(
              usedBy.isEmpty() ? Severity.INFO : Severity.WARNING,
              field.path(),
              "found that it may be null from now on",
              usedBy));
    }
  }

  private void type(SchemaField field, SchemaField written, @Nullable SchemaField old) {
    if (field.scalar() == null || written.scalar() == null || refused.contains(field.path())) {
      return;
    }
    Shift shift = TypeShift.of(written.scalar(), field.scalar());
    if (shift == null) {
      return;
    }
    boolean asBefore = old != null && written.scalar().equals(old.scalar());
    List<String> usedBy = uses.of(field.path());
    boolean matters = !shift.harmless() && !asBefore && !usedBy.isEmpty();
    findings.add(
        new Finding(
            matters ? Severity.WARNING : Severity.INFO,
            field.path(),
            shift.text() + (asBefore ? ", as with " + before : ""),
            matters ? usedBy : List.of()));
  }
}
