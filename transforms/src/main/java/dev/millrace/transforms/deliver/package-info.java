/**
 * Decisions leave here: {@link dev.millrace.transforms.deliver.Deliver} writes each as one Avro
 * record to a {@link dev.millrace.transforms.transport.KafkaTopic}. Who reads them drops repeats
 * with a {@link dev.millrace.transforms.deliver.DecisionDeduplicator}.
 */
@NullMarked
package dev.millrace.transforms.deliver;

import org.jspecify.annotations.NullMarked;
