package dev.millrace.pipelines.simulation;

import java.util.Arrays;
import java.util.Random;

/** Which of a number of terminals or customers are in a criminal's hands, day by day. */
final class Compromises {
  private static final int NEVER = Integer.MIN_VALUE;

  private final Random random;
  private final double newPerDay;
  private final int lastingDays;
  private final int[] endsOn;

  /** Each day a share of {@code count} is newly compromised, for some days from that day on. */
  Compromises(int count, double sharePerDay, int lastingDays, Random random) {
    this.random = random;
    this.newPerDay = count * sharePerDay;
    this.lastingDays = lastingDays;
    this.endsOn = new int[count];
    Arrays.fill(endsOn, NEVER);
  }

  int lastingDays() {
    return lastingDays;
  }

  /** Draws the day's new ones; days go one by one. A fraction is made up for by chance. */
  void startDay(int day) {
    int whole = (int) newPerDay;
    int number = whole + (random.nextDouble() < newPerDay - whole ? 1 : 0);
    for (int i = 0; i < number; i++) {
      int drawn = random.nextInt(endsOn.length);
      while (endsOn[drawn] == day + lastingDays) {
        drawn = random.nextInt(endsOn.length);
      }
      endsOn[drawn] = day + lastingDays;
    }
  }

  boolean includes(int which, int day) {
    return day < endsOn[which];
  }
}
