package dev.millrace.pipelines.simulation;

/**
 * What arrives at one moment: an event, and what is wrong with it.
 *
 * <p>A delivery that is malformed or has an unknown schema id is an extra one, under an id of its
 * own ({@code bad-00000007}) that no sound payment has.
 */
public record Delivery(CardEvent event, Flaw flaw) {}
