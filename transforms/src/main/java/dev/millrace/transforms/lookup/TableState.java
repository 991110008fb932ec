package dev.millrace.transforms.lookup;

/**
 * How a table is.
 *
 * @param records how many it holds
 * @param staleSeconds since its source was last heard of
 * @param refused how many versions of it, reloads, or records by themselves, could not be taken
 */
public record TableState(long records, long staleSeconds, long refused) {}
