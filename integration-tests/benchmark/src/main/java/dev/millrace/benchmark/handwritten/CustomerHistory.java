package dev.millrace.benchmark.handwritten;

import java.util.Arrays;

/**
 * What one customer paid lately, in order of time, in parallel arrays: a POJO of primitive arrays,
 * for which Flink derives its fastest serializers. A payment's id is kept as 64 bits beside it.
 */
public final class CustomerHistory {

  /** Of a day, a week and a month. */
  public static final int WINDOWS = 3;

  private static final long DAY = 86_400_000;
  private static final long[] LENGTHS = {DAY, 7 * DAY, 30 * DAY};

  /** How far behind the newest payment one may come, and how long an id is remembered. */
  private static final long LATENESS = 7 * DAY;

  /** How long an untouched history still matters. */
  public static final long RETENTION = LENGTHS[WINDOWS - 1] + LATENESS;

  public long[] times = new long[4];
  public double[] amounts = new double[4];
  public long[] ids = new long[4];
  public int size;
  public long newest = Long.MIN_VALUE;
  public long lastSeen;

  public CustomerHistory() {}

  /**
   * Adds a payment and tells of the windows that end with it.
   *
   * @return null when it was seen before, or comes too late
   */
  public boolean add(Payment payment, Decision decision) {
    long time = payment.time;
    if (size > 0 && newest - time > LATENESS) {
      return false;
    }
    long id = hash(payment.id);
    for (int i = size - 1; i >= 0 && times[i] >= newest - LATENESS; i--) {
      if (ids[i] == id) {
        return false;
      }
    }
    newest = Math.max(newest, time);
    forget(newest - RETENTION);
    int at = insert(time, payment.amount, id);
    long count = 0;
    double sum = 0;
    int window = 0;
    for (int i = at; i >= 0 && window < WINDOWS; i--) {
      while (window < WINDOWS && times[i] <= time - LENGTHS[window]) {
        put(decision, window++, count, sum);
      }
      count++;
      sum += amounts[i];
    }
    while (window < WINDOWS) {
      put(decision, window++, count, sum);
    }
    return true;
  }

  private static void put(Decision decision, int window, long count, double sum) {
    decision.counts[window] = count;
    decision.means[window] = sum / count;
  }

  /** Behind all that are not later; nearly always at the end. */
  private int insert(long time, double amount, long id) {
    if (size == times.length) {
      int capacity = size + size / 4 + 2;
      times = Arrays.copyOf(times, capacity);
      amounts = Arrays.copyOf(amounts, capacity);
      ids = Arrays.copyOf(ids, capacity);
    }
    int at = size;
    while (at > 0 && times[at - 1] > time) {
      at--;
    }
    move(at, at + 1, size - at);
    times[at] = time;
    amounts[at] = amount;
    ids[at] = id;
    size++;
    return at;
  }

  private void forget(long until) {
    int first = 0;
    while (first < size && times[first] <= until) {
      first++;
    }
    if (first > 0) {
      move(first, 0, size - first);
      size -= first;
    }
  }

  private void move(int from, int to, int length) {
    System.arraycopy(times, from, times, to, length);
    System.arraycopy(amounts, from, amounts, to, length);
    System.arraycopy(ids, from, ids, to, length);
  }

  /** FNV-1a with a final mix. */
  private static long hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ (hash >>> 32);
  }
}
