package dev.millrace.pipelines.schema;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.schema.SchemaTarget.Stream;
import dev.millrace.pipelines.schema.Subject.Version;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.Mismatch;
import dev.millrace.transforms.decode.Resolution;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.UnusableSchemaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a candidate to all that would have to live with it: the contract, the pipeline's use of the
 * contract, and the versions before it.
 *
 * <pre>{@code
 * Report report =
 *     SchemaCheck.of(plan, target, candidate).against(registry, "payments-value", null).report();
 * }</pre>
 */
public final class SchemaCheck {

  private final Contract contract;
  private final FieldUses uses;
  private final SchemaText candidate;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> heldTo = new ArrayList<>();
  private final List<String> notChecked = new ArrayList<>();
  private Optional<Version> last = Optional.empty();
  private boolean complete = true;

  private SchemaCheck(Contract contract, FieldUses uses, SchemaText candidate) {
    this.contract = contract;
    this.uses = uses;
    this.candidate = candidate;
  }

  /**
   * A check against the contract and the pipeline.
   *
   * @param plan of the target's specification
   * @throws IllegalArgumentException when the candidate is in another language than the payloads
   */
  public static SchemaCheck of(PipelinePlan plan, SchemaTarget target, SchemaText candidate) {
    String language = target.language(plan);
    if (!candidate.type().equals(language)) {
      throw new IllegalArgumentException(
          "candidate: found a schema in %s, expected %s, as the payloads of %s have"
              .formatted(candidate.type(), language, target.section()));
    }
    return target.stream() == Stream.EVENTS
        ? new SchemaCheck(plan.events(), FieldUses.ofEvents(plan), candidate)
        : new SchemaCheck(
            Objects.requireNonNull(plan.labels()), FieldUses.ofLabels(plan), candidate);
  }

  /**
   * Also against the versions of a subject; a registry that does not answer is said in the report.
   *
   * @param mode null for the subject's own
   */
  public SchemaCheck against(
      ConfluentRegistry registry, String subject, @Nullable CompatibilityMode mode) {
    try {
      Subject known = Subject.read(registry, subject, mode, candidate);
      last = known.last();
      if (known.isJudged(candidate)) {
        findings.addAll(known.findings(candidate));
        heldTo.add(known.toString());
      } else {
        notChecked.add(
            "subject %s by %s: of %s only the registry is the judge, by its own mode %s"
                .formatted(subject, known.mode(), candidate.type(), known.own()));
      }
    } catch (SchemaSourceUnavailableException
        | UnusableSchemaException
        | IllegalArgumentException e) {
      complete = false;
      notChecked.add("subject %s: %s".formatted(subject, e.getMessage()));
    }
    return this;
  }

  /** Says why there is no subject to be held to. */
  public SchemaCheck withoutVersions(String why) {
    notChecked.add("earlier versions: " + why);
    return this;
  }

  /** All that was found. */
  public Report report() {
    List<Mismatch> mismatches = Resolution.of(contract, candidate);
    List<Finding> all = new ArrayList<>();
    for (Mismatch each : mismatches) {
      all.add(new Finding(Severity.ERROR, each.path(), each.problem(), uses.of(each.path())));
    }
    List<String> against = new ArrayList<>(List.of("the contract"));
    try {
      all.addAll(use(mismatches));
      against.add("the pipeline's use of it");
    } catch (IllegalArgumentException e) {
      notChecked.add("the pipeline's use of each field: " + e.getMessage());
    }
    all.addAll(findings);
    against.addAll(heldTo);
    return new Report(against, all, notChecked, complete);
  }

  private List<Finding> use(List<Mismatch> mismatches) {
    return UseCheck.findings(
        SchemaField.of(contract.record()),
        SchemaField.of(candidate, contract.message()),
        last.map(version -> SchemaField.of(version.schema(), contract.message())).orElse(null),
        uses,
        last.map(version -> "version " + version.number()).orElse(""),
        mismatches.stream().map(Mismatch::path).collect(Collectors.toSet()));
  }
}
