package dev.millrace.transforms.history;

/** What a feature computes over the events in its window. Over none it is 0. */
public enum Aggregate {
  COUNT,
  SUM,
  MEAN,
  MIN,
  MAX,
  /** The sample standard deviation (n - 1 in the divisor), 0 for fewer than two events. */
  STDDEV,
  /** The value of the newest event; of equal times, the one processed last. */
  LAST
}
