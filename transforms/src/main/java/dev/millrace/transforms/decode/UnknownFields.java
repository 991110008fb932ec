package dev.millrace.transforms.decode;

/** What to do with a field of a payload that the contract has not. */
public enum UnknownFields {
  /** It is passed over, whatever it holds: a writer may add fields at any time. */
  IGNORE,
  /** The payload is {@code MALFORMED}. */
  REFUSE
}
