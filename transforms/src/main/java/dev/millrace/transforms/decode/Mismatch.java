package dev.millrace.transforms.decode;

/**
 * Why records of a writer's schema cannot be read as the contract, or not all of them.
 *
 * @param path the contract's field, with dots between names; empty for the whole record
 * @param problem of the form {@code found ..., expected ...}
 */
public record Mismatch(String path, String problem) {}
