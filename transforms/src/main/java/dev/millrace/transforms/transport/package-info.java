/**
 * What reading and writing share of a transport: a {@link
 * dev.millrace.transforms.transport.KafkaTopic} to write to, the look at launch whether a topic is
 * there, and the client settings that a user may pass through, with references where passwords are
 * meant.
 *
 * <p>A sink writes at least once, or exactly once. The latter spreads records over <em>shards</em>
 * by their keys, and keeps the <em>progress</em> of each, how many records and a hash over them,
 * both in the runner's state and, committed with the records, in Kafka.
 */
@NullMarked
package dev.millrace.transforms.transport;

import org.jspecify.annotations.NullMarked;
