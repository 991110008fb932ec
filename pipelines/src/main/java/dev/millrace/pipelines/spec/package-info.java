/**
 * What a pipeline is, as plain immutable values.
 *
 * <p>A {@link dev.millrace.pipelines.spec.PipelineSpec} names one pipeline from its events to its
 * decisions: a {@link dev.millrace.pipelines.spec.StreamSpec stream} is where records come from and
 * how they are decoded, labels are what is learnt about events afterwards, a {@link
 * dev.millrace.pipelines.spec.FeatureSpec feature} is an aggregate over the past of one key, a rule
 * turns columns into a decision. A path such as {@code events.from.kafka.topic} or {@code
 * decide.rules.0.when} names one value of a spec, the same way in code, in errors and on the
 * command line; a {@link dev.millrace.pipelines.spec.Place place} is where that value was written.
 *
 * <p>Nothing here knows YAML: {@link dev.millrace.pipelines.spec.yaml} is one way to make a spec,
 * the constructors are another. Each record checks itself when it is built.
 */
@NullMarked
package dev.millrace.pipelines.spec;

import org.jspecify.annotations.NullMarked;
