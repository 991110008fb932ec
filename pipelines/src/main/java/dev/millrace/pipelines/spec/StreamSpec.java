package dev.millrace.pipelines.spec;

import java.time.Duration;

/**
 * The stream of events: its source, its format, and the fields that identify and date an event.
 *
 * @param id the field that is equal for two deliveries of one event
 * @param eventTime the field that says when it happened
 * @param deduplicateWithin how long, in event time, a repeat of an id is recognised
 * @param allowedLateness how far an event may lie behind the newest one of its key before it
 *     becomes a dead letter; at most {@code deduplicateWithin}
 */
public record StreamSpec(
    SourceSpec from,
    FormatSpec format,
    String id,
    String eventTime,
    Duration deduplicateWithin,
    Duration allowedLateness) {

  /** One day: longer than the redeliveries that follow from most outages. */
  public static final Duration DEFAULT_DEDUPLICATE_WITHIN = Duration.ofDays(1);

  public StreamSpec {
    if (allowedLateness.compareTo(deduplicateWithin) > 0) {
      throw new IllegalArgumentException(
          "found allowedLateness "
              + DurationText.format(allowedLateness)
              + ", expected at most deduplicateWithin ("
              + DurationText.format(deduplicateWithin)
              + "): a repeat that is later than that could not be recognised and would count"
              + " twice");
    }
  }

  /** A stream whose repeats are recognised for one day and whose events may be as late. */
  public static StreamSpec of(SourceSpec from, FormatSpec format, String id, String eventTime) {
    return new StreamSpec(
        from, format, id, eventTime, DEFAULT_DEDUPLICATE_WITHIN, DEFAULT_DEDUPLICATE_WITHIN);
  }
}
