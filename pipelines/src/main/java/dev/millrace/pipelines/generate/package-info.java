/**
 * Simulated payments into whatever a pipeline reads: its topics, by a {@link
 * dev.millrace.pipelines.generate.TopicGeneration} that registers the contracts first, or a file of
 * its contract, by a {@link dev.millrace.pipelines.generate.FileGeneration}. Both say how far they
 * are, and end with the truth about what they made.
 */
@NullMarked
package dev.millrace.pipelines.generate;

import org.jspecify.annotations.NullMarked;
