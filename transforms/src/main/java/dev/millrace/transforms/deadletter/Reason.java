package dev.millrace.transforms.deadletter;

/**
 * Why a record could not be handled. All are permanent: trying the same bytes again cannot help.
 */
public enum Reason {
  /** There was no payload. */
  EMPTY,
  /** The payload, or a part of it, is larger than the limits allow. */
  TOO_LARGE,
  /** The bytes are not what their format says. */
  MALFORMED,
  /** The registry answered that it has no schema of the payload's id. */
  UNKNOWN_SCHEMA,
  /** The schema it was written with cannot be read as the contract. */
  INCOMPATIBLE_SCHEMA,
  /** It breaks a rule of the specification's {@code validate}, or lacks its id, time or key. */
  INVALID,
  /** It happened longer before the newest event of its key than lateness is allowed. */
  LATE,
  /** Nothing is known of a key by which it is looked up, and no default stands in. */
  LOOKUP_MISSING,
  /** What it was looked up in has a record of its key that cannot be read as declared. */
  LOOKUP_INVALID,
  /** An expression over its columns failed. */
  COMPUTE_FAILED,
  /** The model refused it. */
  INFERENCE_FAILED,
  /** The destination does not take the decision: it is too large, or no row of its table. */
  UNDELIVERABLE
}
