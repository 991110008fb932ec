package dev.millrace.pipelines.spec;

import java.util.List;

/**
 * How the columns of an event become a decision: the first rule that holds, else the fallback.
 *
 * @param field the column that receives the decision
 */
public record DecideSpec(String field, List<Rule> rules, String otherwise) {

  public DecideSpec {
    rules = List.copyOf(rules);
  }

  /**
   * One rule.
   *
   * @param when a CEL expression that is true or false
   * @param then the decision when it is true
   */
  public record Rule(String when, String then) {}
}
