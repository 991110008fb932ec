package dev.millrace.pipelines.spec;

import org.jspecify.annotations.Nullable;

/**
 * A sink, and which decisions go there. A decision goes to every sink whose condition it meets.
 *
 * @param when a CEL condition over a decision's columns; null for all of them
 * @param orderBy the column of whose values each has its decisions in order; null for no order
 */
public record RouteSpec(SinkSpec sink, @Nullable String when, @Nullable String orderBy) {

  public RouteSpec {
    if (orderBy != null && !sink.isOrdered()) {
      throw new IllegalArgumentException(
          "found orderBy for %s, expected it for a sink that keeps records of one key in order"
              .formatted(sink.name()));
    }
  }

  /** Every decision to {@code sink}. */
  public static RouteSpec all(SinkSpec sink) {
    return new RouteSpec(sink, null, null);
  }
}
