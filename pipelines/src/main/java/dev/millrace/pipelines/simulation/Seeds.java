package dev.millrace.pipelines.simulation;

import java.util.Random;

/**
 * One source of random numbers for each purpose, so that switching one part of a simulation on does
 * not change what another part draws.
 *
 * <p>{@link Random} and not a newer generator, because its sequences, normal ones included, are
 * laid down to the bit.
 */
final class Seeds {
  private Seeds() {}

  static Random random(long seed, String purpose) {
    return new Random(mix(mix(seed) + purpose.hashCode()));
  }

  /** SplitMix64's finalizer: {@link Random} alone gives neighbouring seeds similar beginnings. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
