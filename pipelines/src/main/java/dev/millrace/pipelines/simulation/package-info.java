/**
 * A simulator of card payments and of what is later found out about them.
 *
 * <p>A {@link dev.millrace.pipelines.simulation.CardSimulation} is a seeded, endless or bounded
 * world of customers and terminals. It yields {@link
 * dev.millrace.pipelines.simulation.CardPayment}s in time order and, days after each, a {@link
 * dev.millrace.pipelines.simulation.FraudReport}; both are {@link
 * dev.millrace.pipelines.simulation.CardEvent}s. {@link
 * dev.millrace.pipelines.simulation.Disturbances} turn these into {@link
 * dev.millrace.pipelines.simulation.Deliveries}: what a network would really hand over, each with
 * its {@link dev.millrace.pipelines.simulation.Flaw}, and a {@link
 * dev.millrace.pipelines.simulation.GroundTruth} to count against. {@link
 * dev.millrace.pipelines.simulation.PaymentEncoding} makes the bytes, {@link
 * dev.millrace.pipelines.simulation.KafkaFeed} sends them at a pace, and {@link
 * dev.millrace.pipelines.simulation.PaymentFile} writes payments to files.
 *
 * <p>The same seed and settings give the same events and the same bytes, on any machine.
 */
@NullMarked
package dev.millrace.pipelines.simulation;

import org.jspecify.annotations.NullMarked;
