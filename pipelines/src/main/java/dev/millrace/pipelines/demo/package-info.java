/**
 * The demo: {@link dev.millrace.pipelines.demo.Demo} starts a broker and a registry, feeds
 * simulated payments to the card-fraud pipeline, and reads the topics back into a {@link
 * dev.millrace.pipelines.demo.Ledger}, whose {@link dev.millrace.pipelines.demo.Summary} says what
 * became of every record.
 */
@NullMarked
package dev.millrace.pipelines.demo;

import org.jspecify.annotations.NullMarked;
