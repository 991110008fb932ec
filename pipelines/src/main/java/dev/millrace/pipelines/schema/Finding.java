package dev.millrace.pipelines.schema;

import java.util.List;

/**
 * What a check noticed.
 *
 * @param path the contract's field, or the candidate's where the contract has none; empty for the
 *     whole schema
 * @param reason what was found and what comes of it
 * @param usedBy what in the pipeline depends on the field
 */
public record Finding(Severity severity, String path, String reason, List<String> usedBy) {

  public Finding {
    usedBy = List.copyOf(usedBy);
  }

  static Finding of(Severity severity, String path, String reason) {
    return new Finding(severity, path, reason, List.of());
  }

  /** The reason, and what depends on the field. */
  String text() {
    return usedBy.isEmpty() ? reason : reason + "; used by " + String.join("; ", usedBy);
  }
}
