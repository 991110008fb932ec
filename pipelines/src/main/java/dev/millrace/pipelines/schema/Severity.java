package dev.millrace.pipelines.schema;

/** How much a finding matters, the worst first. */
public enum Severity {
  /** Events would be lost to the dead letters, or decided by values that nobody sent. */
  ERROR,
  /** Something the pipeline uses would have other values than before. */
  WARNING,
  /** A change that the pipeline is made to take. */
  INFO
}
