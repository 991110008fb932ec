/**
 * Reads back what a pipeline decided: a {@link dev.millrace.pipelines.decisions.DecisionTopic}
 * gives each record of its topic as a generic Avro record, a <em>decision</em>.
 */
@NullMarked
package dev.millrace.pipelines.decisions;

import org.jspecify.annotations.NullMarked;
