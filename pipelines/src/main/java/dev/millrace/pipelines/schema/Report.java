package dev.millrace.pipelines.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that a check found.
 *
 * @param heldTo what the candidate was held to
 * @param findings the worst first, in the order in which they were found
 * @param notChecked what could not be looked at, and why
 * @param complete false when something that should have been looked at did not answer
 */
public record Report(
    List<String> heldTo, List<Finding> findings, List<String> notChecked, boolean complete) {

  public Report {
    heldTo = List.copyOf(heldTo);
    findings = findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    notChecked = List.copyOf(notChecked);
  }

  /**
   * Whether the candidate may be used.
   *
   * @param strict whether warnings stand against it too
   */
  public boolean compatible(boolean strict) {
    return count(Severity.ERROR) == 0 && (!strict || count(Severity.WARNING) == 0);
  }

  /** One line a finding, in columns, then what it was held to and the verdict. */
  public List<String> lines(boolean strict) {
    int width = findings.stream().mapToInt(each -> each.path().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    String row = "%-7s  %-" + Math.max(1, width) + "s  %s";
    findings.forEach(each -> lines.add(row.formatted(each.severity(), each.path(), each.text())));
    lines.add("held to: " + String.join(", ", heldTo));
    notChecked.forEach(each -> lines.add("not checked: " + each));
    lines.add(
        "%s, %s, %s: %s"
            .formatted(
                counted(Severity.ERROR, "error"),
                counted(Severity.WARNING, "warning"),
                counted(Severity.INFO, "note"),
                verdict(strict)));
    return lines;
  }

  private String verdict(boolean strict) {
    if (!compatible(strict)) {
      return "incompatible";
    }
    return complete ? "compatible" : "compatible as far as was checked";
  }

  private String counted(Severity severity, String word) {
    long count = count(severity);
    return "%d %s%s".formatted(count, word, count == 1 ? "" : "s");
  }

  private long count(Severity severity) {
    return findings.stream().filter(each -> each.severity() == severity).count();
  }
}
