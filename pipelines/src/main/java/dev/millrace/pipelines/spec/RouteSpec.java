package dev.millrace.pipelines.spec;

import org.jspecify.annotations.Nullable;

/**
 * A sink, and which decisions go there. A decision goes to every sink whose condition it meets.
 *
 * @param when a CEL condition over a decision's columns; null for all of them
 */
public record RouteSpec(SinkSpec sink, @Nullable String when) {

  /** Every decision to {@code sink}. */
  public static RouteSpec all(SinkSpec sink) {
    return new RouteSpec(sink, null);
  }
}
