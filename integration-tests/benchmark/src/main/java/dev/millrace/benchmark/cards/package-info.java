/**
 * {@code millrace bench}: the same decisions made three ways, side by side. A {@link
 * dev.millrace.benchmark.cards.Workload} of payments lies in a topic, or is sent at a steady rate;
 * a {@link dev.millrace.benchmark.cards.Contestant} decides it in a {@link
 * dev.millrace.benchmark.cards.Setting}; a {@link dev.millrace.benchmark.cards.Drain} tells how
 * fast, a {@link dev.millrace.benchmark.cards.Delay} how soon.
 */
@NullMarked
package dev.millrace.benchmark.cards;

import org.jspecify.annotations.NullMarked;
