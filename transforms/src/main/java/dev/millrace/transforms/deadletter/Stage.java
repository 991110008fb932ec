package dev.millrace.transforms.deadletter;

/** The stages of a pipeline, in order. */
public enum Stage {
  DECODE,
  VALIDATE,
  HISTORY,
  COMPUTE,
  INFER,
  DECIDE,
  DELIVER
}
