package dev.millrace.it.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Card payments of sixty days as JSON, the same for the same seed: some come again, some come up to
 * a day late, some cannot be read, and some are no payments. They stand in blocks of five days. A
 * feature that looks back seven days or more sees whole blocks before its own, so that what it is
 * does not depend on the order within a block, which not every transport keeps.
 *
 * @param decisions how many of them are to be decided
 * @param deadLetters how many are not
 */
record Recording(List<Block> blocks, int decisions, int deadLetters) {

  /**
   * Records that are sent together.
   *
   * @param ends how many decisions and dead letters there are to be of them: all but the repeats
   */
  record Block(List<Line> lines, int ends) {}

  /** A record: its customer, whom the transport may keep in order, and its text. */
  record Line(String customer, String text) {}

  private static final int BLOCKS = 12;
  private static final Duration BLOCK = Duration.ofDays(5);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int CUSTOMERS = 50;
  private static final int TERMINALS = 30;

  /** A record that comes again is of the last fiftieth: of the last two days, which is not late. */
  private static final int REPEATED_OF = 50;

  /** Fewer have no fiftieth. */
  static final int LEAST = REPEATED_OF;

  /**
   * So many records, of which one in 20 is a repeat, and one in 25 unreadable or refused.
   *
   * @param records {@link #LEAST} or more
   */
  static Recording of(int records, long seed) {
    if (records < LEAST) {
      throw new IllegalArgumentException(
          "found %d records, expected %d or more".formatted(records, LEAST));
    }
    Random random = new Random(seed);
    List<Block> blocks = new ArrayList<>();
    List<Line> payments = new ArrayList<>();
    int deadLetters = 0;
    for (int block = 0; block < BLOCKS; block++) {
      List<Line> lines = new ArrayList<>();
      int repeats = 0;
      int size = records * (block + 1) / BLOCKS - records * block / BLOCKS;
      for (int i = 0; i < size; i++) {
        int number = records * block / BLOCKS + i;
        if (number % 20 == 19) {
          int back = 1 + random.nextInt(Math.min(records / REPEATED_OF, payments.size()));
          lines.add(payments.get(payments.size() - back));
          repeats++;
        } else if (number % 25 == 11) {
          lines.add(bad(number, random));
          deadLetters++;
        } else {
          Line payment = payment(number, time(block, i, size, random), random);
          payments.add(payment);
          lines.add(payment);
        }
      }
      blocks.add(new Block(List.copyOf(lines), lines.size() - repeats));
    }
    return new Recording(List.copyOf(blocks), payments.size(), deadLetters);
  }

  /** All records, as they came. */
  List<Line> lines() {
    return blocks.stream().flatMap(block -> block.lines().stream()).toList();
  }

  /** In order, but for one in 30, which comes up to a day late. */
  private static Instant time(int block, int i, int size, Random random) {
    Instant time = START.plus(BLOCK.multipliedBy(block)).plusMillis(BLOCK.toMillis() * i / size);
    return i % 30 == 17 ? time.minusSeconds(random.nextInt(86_400)) : time;
  }

  /** Amounts are multiples of a quarter, whose sums are the same in any order. */
  private static Line payment(int number, Instant time, Random random) {
    return line(number, time, 0.25 * (1 + random.nextInt(2_000)), random);
  }

  private static Line line(int number, Instant time, double amount, Random random) {
    String customer = "c-" + random.nextInt(CUSTOMERS);
    return new Line(
        customer,
        String.format(
            Locale.ROOT,
            "{\"id\": \"p-%d\", \"at\": \"%s\", \"customer\": \"%s\", \"terminal\": \"t-%d\","
                + " \"amount\": %.2f, \"fraud\": %b}",
            number,
            time,
            customer,
            random.nextInt(TERMINALS),
            amount,
            random.nextInt(20) == 0));
  }

  /** Cut off, without its amount, or of an amount that validation refuses. */
  private static Line bad(int number, Random random) {
    Line good = line(number, START, 1.0, random);
    return switch (number / 25 % 3) {
      case 0 -> new Line(good.customer(), good.text().substring(0, 20));
      case 1 -> new Line(good.customer(), good.text().replace("\"amount\": 1.00, ", ""));
      default -> new Line(good.customer(), good.text().replace("1.00", "-1.00"));
    };
  }
}
