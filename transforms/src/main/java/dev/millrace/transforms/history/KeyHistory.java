package dev.millrace.transforms.history;

import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.Slot.Companions;
import dev.millrace.transforms.history.Slot.Kind;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a key's past says, and how it grows: tiles of the slots wanted today, and ids. One instance
 * serves key after key: {@link #load}, change, {@link #state}. Not thread-safe.
 *
 * <p>When features have changed since a state was stored, a slot that is still wanted keeps its
 * numbers, a new one starts empty, one that is no longer wanted is dropped.
 */
final class KeyHistory {

  private static final int[] NO_SLOTS = {};

  /** For how many a new key has room in each table. */
  private static final int FIRST_ROWS = 2;

  private static final int FORGET_EVERY = 8;

  private final List<Slot> slots;
  private final Kind[] kinds;
  private final int[] slotIds;
  private final int width;
  private final int cap;

  private final long secret0;
  private final long secret1;
  private long secrets;

  private final Rows ids;
  private final Rows tiles;
  private HistoryState state;
  private int[] emptySlots = NO_SLOTS;

  KeyHistory(List<Slot> slots, int cap) {
    this.slots = slots;
    this.kinds = slots.stream().map(Slot::kind).toArray(Kind[]::new);
    this.slotIds = slots.stream().mapToInt(Slot::id).toArray();
    this.width = slots.size();
    this.cap = cap;
    SecureRandom random = new SecureRandom();
    this.secret0 = random.nextLong();
    this.secret1 = random.nextLong();
    this.ids = HistoryState.ids();
    this.tiles = HistoryState.tiles(width, ids);
    this.state = withoutPast();
  }

  /** Starts from stored state, which is changed from now on, or from nothing. */
  void load(@Nullable HistoryState stored) {
    emptySlots = NO_SLOTS;
    if (stored == null) {
      state = withoutPast();
    } else if (stored.slots == slotIds || Arrays.equals(stored.slots, slotIds)) {
      state = stored;
      state.slots = slotIds; // one array for all keys
      use(state);
    } else {
      state = converted(stored);
    }
  }

  private void use(HistoryState state) {
    ids.in(state);
    tiles.in(state);
  }

  /** Of a new key, whose secret nobody can guess who does not know this one's. */
  private HistoryState withoutPast() {
    return empty(anotherSecret(), anotherSecret(), FIRST_ROWS, FIRST_ROWS);
  }

  private HistoryState empty(long secret0, long secret1, int idRows, int tileRows) {
    HistoryState empty = new HistoryState(slotIds, secret0, secret1);
    use(empty);
    ids.create(idRows);
    tiles.create(tileRows);
    return empty;
  }

  private long anotherSecret() {
    byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(secrets++).array();
    return SipHash.hash(secret0, secret1, number);
  }

  /** The same past in tiles of today's slots. */
  private HistoryState converted(HistoryState stored) {
    int[] sources = Arrays.stream(slotIds).map(id -> indexOf(stored.slots, id)).toArray();
    emptySlots = IntStream.range(0, width).filter(slot -> sources[slot] < 0).toArray();
    Rows oldIds = HistoryState.ids();
    Rows oldTiles = HistoryState.tiles(stored.slots.length, oldIds);
    oldIds.in(stored);
    oldTiles.in(stored);
    HistoryState converted =
        empty(
            stored.longs[HistoryState.SECRET],
            stored.longs[HistoryState.SECRET + 1],
            oldIds.count(),
            oldTiles.count());
    converted.longs[HistoryState.NEWEST] = stored.newest();
    converted.longs[HistoryState.LAST_SEEN] = stored.lastSeen();
    for (int id = 0; id < oldIds.count(); id++) {
      remember(oldIds.get(id, 1), oldIds.get(id, 0));
    }
    for (int tile = 0; tile < oldTiles.count(); tile++) {
      tiles.insert(tile);
      tiles.set(tile, 0, oldTiles.get(tile, 0));
      for (int i = 0; i < width; i++) {
        long number =
            sources[i] < 0
                ? Double.doubleToRawLongBits(kinds[i].none())
                : oldTiles.get(tile, 1 + sources[i]);
        tiles.set(tile, 1 + i, number);
      }
    }
    return converted;
  }

  private static int indexOf(int[] slots, int id) {
    return IntStream.range(0, slots.length).filter(i -> slots[i] == id).findFirst().orElse(-1);
  }

  /** The slots that the loaded state does not have: they start empty, whatever the key's past. */
  int[] emptySlots() {
    return emptySlots;
  }

  /** The state to store. */
  HistoryState state() {
    return state;
  }

  /** The newest event time; {@code Long.MIN_VALUE} before the first event. */
  long newest() {
    return state.newest();
  }

  /** Tells that an event of {@code time} belongs to the key. */
  void observe(long time) {
    state.longs[HistoryState.NEWEST] = Math.max(state.newest(), time);
  }

  void seenAt(long now) {
    state.longs[HistoryState.LAST_SEEN] = now;
  }

  /**
   * An id as this key remembers it: event and label of one id are different records. That two of a
   * key's thousand agree happens once in ten to the sixteenth.
   */
  long hash(Source source, byte[] id) {
    // The two secrets are one and the same, one bit apart.
    long secret0 = state.longs[HistoryState.SECRET];
    long secret1 = state.longs[HistoryState.SECRET + 1];
    return SipHash.hash(secret0, secret1 ^ source.ordinal(), id);
  }

  /** Whether an id of this {@link #hash} is remembered. */
  boolean contains(long id) {
    for (int i = ids.find(0, 1, id); i < ids.count(); i = ids.find(i + 1, 1, id)) {
      if (ids.get(i, 0) >= state.newest()) {
        return true;
      }
    }
    return false;
  }

  /** Remembers an id until the key's newest event is later than {@code expiry}. */
  void remember(long id, long expiry) {
    int at = ids.count();
    ids.insert(at);
    ids.set(at, 0, expiry);
    ids.set(at, 1, id);
  }

  /**
   * Adds {@code tile} at {@code time}; tiles of one time are one.
   *
   * @return how many of the oldest tiles had to be merged to stay within the cap
   */
  int add(long time, double[] tile) {
    int at = firstAfter(time);
    if (at > 0 && time(at - 1) == time) {
      mergeInto(at - 1, tile);
      return 0;
    }
    tiles.insert(at);
    tiles.set(at, 0, time);
    for (int i = 0; i < width; i++) {
      set(at, i, tile[i]);
    }
    if (tiles.count() <= cap) {
      return 0;
    }
    double[] second = new double[width];
    for (int i = 0; i < width; i++) {
      second[i] = number(1, i);
    }
    mergeInto(0, second);
    // The two are one at the later's time.
    for (int i = 0; i < width; i++) {
      set(1, i, number(0, i));
    }
    tiles.dropFirst(1);
    return 1;
  }

  /**
   * Whether it is time to {@link #forget}: what is past does no harm, and to look at the oldest
   * each time means to fetch what nothing else needs.
   */
  boolean isForgetful() {
    return tiles.count() % FORGET_EVERY == 0
        || ids.count() % FORGET_EVERY == 0
        || tiles.count() >= cap;
  }

  /** Forgets tiles up to {@code horizon}, and the oldest ids as far as they have expired. */
  void forget(long horizon) {
    int past = 0;
    while (past < tiles.count() && time(past) <= horizon) {
      past++;
    }
    tiles.dropFirst(past);
    int expired = 0;
    while (expired < ids.count() && ids.get(expired, 0) < state.newest()) {
      expired++;
    }
    ids.dropFirst(expired);
  }

  /** The first tile later than {@code time}. */
  int firstAfter(long time) {
    return tiles.firstAbove(tiles.count(), time);
  }

  /**
   * Goes back over the tiles before {@code tile} that are later than {@code after}, and puts their
   * numbers under {@code numbers}, which are of later tiles.
   *
   * @param merged the slots to merge, those of squares first
   * @param numbers by slot
   * @return the first of those tiles
   */
  int mergeBack(int tile, long after, int[] merged, double[] numbers) {
    int from = tiles.firstAbove(tile, after);
    for (int slot : merged) {
      if (kinds[slot] == Kind.COUNT || kinds[slot] == Kind.SUM) {
        numbers[slot] += tiles.sum(1 + slot, from, tile);
      } else {
        mergeBack(tile, from, slot, numbers);
      }
    }
    return from;
  }

  private void mergeBack(int tile, int from, int slot, double[] numbers) {
    Slot merging = slots.get(slot);
    if (merging.kind() == Kind.SQUARES) {
      mergeSquares(tile, from, merging, slot, numbers);
      return;
    }
    for (int earlier = tile - 1; earlier >= from; earlier--) {
      numbers[slot] = merging.merge(number(earlier, slot), numbers[slot]);
    }
  }

  /** Counts and sums as they are before these tiles are merged into them, and go along. */
  private void mergeSquares(int tile, int from, Slot merging, int slot, double[] numbers) {
    Companions with = merging.squares();
    double count = numbers[with.count()];
    double sum = numbers[with.sum()];
    for (int earlier = tile - 1; earlier >= from; earlier--) {
      double n = number(earlier, with.count());
      double s = number(earlier, with.sum());
      numbers[slot] = squares(n, s, number(earlier, slot), count, sum, numbers[slot]);
      count += n;
      sum += s;
    }
  }

  int tiles() {
    return tiles.count();
  }

  private long time(int tile) {
    return tiles.get(tile, 0);
  }

  private double number(int tile, int slot) {
    return Double.longBitsToDouble(tiles.get(tile, 1 + slot));
  }

  private void set(int tile, int slot, double number) {
    tiles.set(tile, 1 + slot, Double.doubleToRawLongBits(number));
  }

  private void mergeInto(int at, double[] tile) {
    // Squares first: they need the counts and sums from before.
    for (int i = 0; i < width; i++) {
      if (kinds[i] == Kind.SQUARES) {
        Companions with = slots.get(i).squares();
        double merged =
            squares(
                number(at, with.count()),
                number(at, with.sum()),
                number(at, i),
                tile[with.count()],
                tile[with.sum()],
                tile[i]);
        set(at, i, merged);
      }
    }
    for (int i = 0; i < width; i++) {
      if (kinds[i] != Kind.SQUARES) {
        set(at, i, slots.get(i).merge(number(at, i), tile[i]));
      }
    }
  }

  /**
   * Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample
   * variances", 1979.
   */
  private static double squares(
      double countA, double sumA, double squaresA, double countB, double sumB, double squaresB) {
    if (countA == 0 || countB == 0) {
      return squaresA + squaresB;
    }
    double delta = sumB / countB - sumA / countA;
    return squaresA + squaresB + delta * delta * countA * countB / (countA + countB);
  }
}
