package dev.millrace.pipelines.schema;

import java.util.List;

/**
 * Which versions of a subject a new one is held to, and in which direction; Confluent's names and
 * meanings.
 */
public enum CompatibilityMode {
  /** Anything may follow. */
  NONE(false, false, false),
  /** The candidate reads what the last version wrote. */
  BACKWARD(true, false, false),
  /** The candidate reads what any version wrote. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** The last version reads what the candidate writes. */
  FORWARD(false, true, false),
  /** Every version reads what the candidate writes. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Both, of the last version. */
  FULL(true, true, false),
  /** Both, of every version. */
  FULL_TRANSITIVE(true, true, true);

  private final boolean backward;
  private final boolean forward;
  private final boolean transitive;

  CompatibilityMode(boolean backward, boolean forward, boolean transitive) {
    this.backward = backward;
    this.forward = forward;
    this.transitive = transitive;
  }

  boolean backward() {
    return backward;
  }

  boolean forward() {
    return forward;
  }

  /** Those of a subject's versions, oldest first, that count. */
  <T> List<T> of(List<T> versions) {
    if (this == NONE || versions.isEmpty()) {
      return List.of();
    }
    return transitive ? versions : versions.subList(versions.size() - 1, versions.size());
  }
}
