/**
 * {@code millrace bench decode}: what decoding one payload costs, ours beside the ways that Beam,
 * Avro, Jackson and Protobuf have.
 *
 * <p>A <i>dataset</i> is some thousand different records of one contract. A <i>format</i> is how
 * they are written as payloads. A <i>contestant</i> reads payloads of one format. A <i>round</i>
 * measures every contestant once on every dataset, each in a JVM of its own and in another order;
 * what is reported of a contestant is the median of its rounds, its <i>standing</i>.
 */
@NullMarked
package dev.millrace.benchmark.decode;

import org.jspecify.annotations.NullMarked;
