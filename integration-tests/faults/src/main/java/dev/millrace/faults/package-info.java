/**
 * Kills what a pipeline runs on while payments flow, and judges from outside what became of them. A
 * {@link dev.millrace.faults.Scene} is a broker, a cluster, a job and the {@link
 * dev.millrace.faults.Load} that it decides; a {@link dev.millrace.faults.Fault} is what goes
 * wrong; the {@link dev.millrace.faults.Oracle} reads the topics back by Avro's own reader,
 * computes every decision again, and gives its {@link dev.millrace.faults.Findings}. Nothing of the
 * pipeline's code has a part in judging it.
 */
@NullMarked
package dev.millrace.faults;

import org.jspecify.annotations.NullMarked;
