package dev.millrace.transforms.deadletter;

/** The stages of a pipeline, in order. */
public enum Stage {
  DECODE,
  VALIDATE,
  HISTORY,
  LOOKUP,
  COMPUTE,
  INFER,
  DECIDE,
  DELIVER
}
