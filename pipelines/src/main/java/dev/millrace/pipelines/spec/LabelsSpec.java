package dev.millrace.pipelines.spec;

/** Where it is learnt, usually days later, what an event turned out to be. */
public sealed interface LabelsSpec {

  /**
   * The label is a column of the events themselves, as in a table that was made afterwards. A
   * feature's delay keeps it out of sight until it would have been known.
   */
  record OfEvents() implements LabelsSpec {}

  /**
   * A stream of its own.
   *
   * @param id the field that is equal for two deliveries of one label
   * @param eventTime the field with the time of the labelled event, not of the finding
   */
  record Stream(SourceSpec from, FormatSpec format, String id, String eventTime)
      implements LabelsSpec {}
}
