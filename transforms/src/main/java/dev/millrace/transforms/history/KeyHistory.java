package dev.millrace.transforms.history;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.millrace.transforms.history.Slot.Companions;
import dev.millrace.transforms.history.Slot.Kind;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The state of one key: tiles in time order and the ids seen lately, kept as one versioned blob.
 * One instance serves key after key: {@link #load}, change, {@link #save}. Not thread-safe.
 *
 * <pre>
 * 'M' version | newest event time | last seen | slot ids | tiles: time, slots | ids: expiry, hash
 * </pre>
 *
 * Little-endian, as processors are: a copy that turns the bytes round takes twice as long. The slot
 * ids make old state readable when features change: a slot that is still wanted keeps its numbers,
 * a new one starts empty, one that is no longer wanted is dropped.
 */
final class KeyHistory {

  private static final byte MAGIC = 'M';
  private static final byte VERSION = 2;
  private static final int HEAD = 2 + 8 + 8 + 4 + 4 + 4;
  private static final int ID_LONGS = 3;

  private static final int[] NO_SLOTS = {};

  private final List<Slot> slots;
  private final int[] slotIds;
  private final int width;
  private final int cap;

  private long newest;
  private long lastSeen;

  // As they are stored, a tile's time and then its numbers as bits, so that loading and saving
  // copy.
  private long[] rows;
  private final int rowLength;
  private int tiles;
  private long[] ids = new long[64 * ID_LONGS];
  private int idCount;
  private int[] emptySlots = NO_SLOTS;

  KeyHistory(List<Slot> slots, int cap) {
    this.slots = slots;
    this.slotIds = slots.stream().mapToInt(Slot::id).toArray();
    this.width = slots.size();
    this.cap = cap;
    this.rowLength = 1 + width;
    this.rows = new long[64 * rowLength];
  }

  /** Starts from stored state, or from nothing. */
  void load(byte @Nullable [] state) {
    tiles = 0;
    idCount = 0;
    emptySlots = NO_SLOTS;
    newest = Long.MIN_VALUE;
    lastSeen = Long.MIN_VALUE;
    if (state == null) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(state).order(LITTLE_ENDIAN);
    byte magic = in.get();
    byte version = in.get();
    if (magic != MAGIC || version != VERSION) {
      throw new IllegalStateException(
          "history state: found magic %d version %d, expected %d and %d"
              .formatted(magic, version, MAGIC, VERSION));
    }
    newest = in.getLong();
    lastSeen = in.getLong();
    int[] stored = new int[in.getInt()];
    tiles = in.getInt();
    idCount = in.getInt();
    grow(tiles, idCount);
    for (int i = 0; i < stored.length; i++) {
      stored[i] = in.getInt();
    }
    LongBuffer numbers = in.slice().order(LITTLE_ENDIAN).asLongBuffer();
    if (Arrays.equals(stored, slotIds)) {
      numbers.get(rows, 0, tiles * rowLength);
    } else {
      convert(numbers, targets(stored));
    }
    numbers.get(ids, 0, idCount * ID_LONGS);
  }

  /** Reads tiles of other slots than today's. */
  private void convert(LongBuffer stored, int[] target) {
    emptySlots = notAmong(target);
    for (int tile = 0; tile < tiles; tile++) {
      rows[tile * rowLength] = stored.get();
      for (int i = 0; i < width; i++) {
        set(tile, i, slots.get(i).kind().none());
      }
      for (int i : target) {
        long number = stored.get();
        if (i >= 0) {
          rows[tile * rowLength + 1 + i] = number;
        }
      }
    }
  }

  /** For each stored slot its place among today's, or -1. */
  private int[] targets(int[] stored) {
    int[] target = new int[stored.length];
    Arrays.fill(target, -1);
    for (int i = 0; i < stored.length; i++) {
      for (int j = 0; j < width; j++) {
        if (slotIds[j] == stored[i]) {
          target[i] = j;
        }
      }
    }
    return target;
  }

  private int[] notAmong(int[] filled) {
    return IntStream.range(0, width)
        .filter(slot -> IntStream.of(filled).noneMatch(target -> target == slot))
        .toArray();
  }

  /** The slots that the loaded state does not have: they start empty, whatever the key's past. */
  int[] emptySlots() {
    return emptySlots;
  }

  /** The state to store. */
  byte[] save() {
    int size = HEAD + 4 * width + tiles * 8 * (1 + width) + idCount * 8 * ID_LONGS;
    ByteBuffer out = ByteBuffer.allocate(size).order(LITTLE_ENDIAN);
    out.put(MAGIC).put(VERSION).putLong(newest).putLong(lastSeen);
    out.putInt(width).putInt(tiles).putInt(idCount);
    for (int id : slotIds) {
      out.putInt(id);
    }
    LongBuffer numbers = out.slice().order(LITTLE_ENDIAN).asLongBuffer();
    numbers.put(rows, 0, tiles * rowLength).put(ids, 0, idCount * ID_LONGS);
    return out.array();
  }

  /** The newest event time; {@code Long.MIN_VALUE} before the first event. */
  long newest() {
    return newest;
  }

  /** Tells that an event of {@code time} belongs to the key. */
  void observe(long time) {
    newest = Math.max(newest, time);
  }

  /** When the key was last touched, in wall-clock milliseconds. */
  long lastSeen() {
    return lastSeen;
  }

  void seenAt(long now) {
    lastSeen = now;
  }

  boolean contains(IdHash id) {
    for (int i = 0; i < idCount * ID_LONGS; i += ID_LONGS) {
      if (ids[i + 1] == id.high() && ids[i + 2] == id.low()) {
        return true;
      }
    }
    return false;
  }

  /** Remembers {@code id} until the key's newest event is later than {@code expiry}. */
  void remember(IdHash id, long expiry) {
    grow(tiles, idCount + 1);
    int at = idCount++ * ID_LONGS;
    ids[at] = expiry;
    ids[at + 1] = id.high();
    ids[at + 2] = id.low();
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
    grow(tiles + 1, idCount);
    System.arraycopy(rows, at * rowLength, rows, (at + 1) * rowLength, (tiles - at) * rowLength);
    rows[at * rowLength] = time;
    for (int i = 0; i < width; i++) {
      set(at, i, tile[i]);
    }
    tiles++;
    if (tiles <= cap) {
      return 0;
    }
    double[] second = new double[width];
    for (int i = 0; i < width; i++) {
      second[i] = number(1, i);
    }
    mergeInto(0, second);
    // The two are one at the later's time.
    System.arraycopy(rows, 1, rows, rowLength + 1, width);
    dropTiles(1);
    return 1;
  }

  /** Forgets tiles up to {@code horizon} and ids that have expired. */
  void forget(long horizon) {
    dropTiles(firstAfter(horizon));
    int kept = 0;
    for (int i = 0; i < idCount; i++) {
      if (ids[i * ID_LONGS] >= newest) {
        if (kept < i) {
          System.arraycopy(ids, i * ID_LONGS, ids, kept * ID_LONGS, ID_LONGS);
        }
        kept++;
      }
    }
    idCount = kept;
  }

  /** The first tile later than {@code time}. */
  int firstAfter(long time) {
    // Nearly every event is its key's newest.
    if (tiles == 0 || time(tiles - 1) <= time) {
      return tiles;
    }
    int low = 0;
    int high = tiles - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time(middle) <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A slot's number over the tiles {@code from} to {@code to}, the last excluded. */
  double merge(int slot, int from, int to) {
    Slot merging = slots.get(slot);
    double value = merging.kind().none();
    if (merging.kind() == Kind.COUNT || merging.kind() == Kind.SUM) {
      // Nearly every feature is one of these: a loop without a call.
      for (int tile = from; tile < to; tile++) {
        value += number(tile, slot);
      }
      return value;
    }
    for (int tile = from; tile < to; tile++) {
      value = merging.merge(value, number(tile, slot));
    }
    return value;
  }

  /** The sum of squared differences from the mean over the same. */
  double mergeSquares(int slot, int from, int to) {
    Companions with = slots.get(slot).squares();
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (int tile = from; tile < to; tile++) {
      double n = number(tile, with.count());
      double s = number(tile, with.sum());
      squares = squares(count, sum, squares, n, s, number(tile, slot));
      count += n;
      sum += s;
    }
    return squares;
  }

  int tiles() {
    return tiles;
  }

  private long time(int tile) {
    return rows[tile * rowLength];
  }

  private double number(int tile, int slot) {
    return Double.longBitsToDouble(rows[tile * rowLength + 1 + slot]);
  }

  private void set(int tile, int slot, double number) {
    rows[tile * rowLength + 1 + slot] = Double.doubleToRawLongBits(number);
  }

  private void mergeInto(int at, double[] tile) {
    // Squares first: they need the counts and sums from before.
    for (int i = 0; i < width; i++) {
      if (slots.get(i).kind() == Kind.SQUARES) {
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
      if (slots.get(i).kind() != Kind.SQUARES) {
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

  private void dropTiles(int first) {
    if (first > 0) {
      System.arraycopy(rows, first * rowLength, rows, 0, (tiles - first) * rowLength);
      tiles -= first;
    }
  }

  private void grow(int tilesWanted, int idsWanted) {
    if (tilesWanted * rowLength > rows.length) {
      rows = Arrays.copyOf(rows, Math.max(tilesWanted * rowLength, rows.length * 2));
    }
    if (idsWanted * ID_LONGS > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(idsWanted * ID_LONGS, ids.length * 2));
    }
  }
}
