package dev.millrace.transforms.history;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * The state of one key: tiles in time order and the ids seen lately. It is changed in place by
 * {@link KeyHistory} and then written back: where a runner keeps state as objects (Flink on the
 * heap) an event costs what it changes, not a copy of the key's past. Such a runner makes a copy
 * when a checkpoint needs one. Encoded, it is one versioned blob:
 *
 * <pre>
 * 'M' version | slot ids | newest event time | last seen | secret | heads of both tables | ids: expiry, hash | tiles: time, slots
 * </pre>
 *
 * Little-endian, as processors are: a copy that turns the bytes round takes twice as long. The slot
 * ids make old state readable when features change.
 */
public final class HistoryState {

  static final int NEWEST = 0;
  static final int LAST_SEEN = 1;

  /** Under which ids are hashed: the key's own, so that nobody can make two ids that agree. */
  static final int SECRET = 2;

  static final int IDS = 4;
  static final int TILES = IDS + Rows.HEAD;
  static final int HEAD = TILES + Rows.HEAD;

  private static final byte MAGIC = 'M';
  private static final byte VERSION = 6;
  private static final int BLOB_HEAD = 2 + 4;

  /** Whose numbers a tile has, by {@link Slot#id}. */
  int[] slots;

  /** All else: the head, then both tables, as {@link Rows} has them. */
  long[] longs;

  /** Of a key without a past, and without tables yet. */
  HistoryState(int[] slots, long secret0, long secret1) {
    this(slots, new long[HEAD]);
    longs[NEWEST] = Long.MIN_VALUE;
    longs[LAST_SEEN] = Long.MIN_VALUE;
    longs[SECRET] = secret0;
    longs[SECRET + 1] = secret1;
  }

  HistoryState(int[] slots, long[] longs) {
    this.slots = slots;
    this.longs = longs;
  }

  /** The first table: an id's expiry and its hash. */
  static Rows ids() {
    return new Rows(2, 2, IDS, null);
  }

  /** The second: a tile's time and then its numbers as bits. */
  static Rows tiles(int slots, Rows ids) {
    return new Rows(1 + slots, 1, TILES, ids);
  }

  /** The newest event time; {@code Long.MIN_VALUE} before the first event. */
  long newest() {
    return longs[NEWEST];
  }

  /** When the key was last touched, in wall-clock milliseconds. */
  long lastSeen() {
    return longs[LAST_SEEN];
  }

  /** Writes the blob. */
  public static final class Coder extends AtomicCoder<HistoryState> {

    private static final long serialVersionUID = 1;
    private static final Coder INSTANCE = new Coder();

    public static Coder of() {
      return INSTANCE;
    }

    @Override
    public void encode(HistoryState state, OutputStream out) throws IOException {
      ByteArrayCoder.of().encode(blob(state), out);
    }

    @Override
    public HistoryState decode(InputStream in) throws IOException {
      return state(ByteArrayCoder.of().decode(in));
    }
  }

  private static byte[] blob(HistoryState state) {
    Rows ids = ids();
    Rows tiles = tiles(state.slots.length, ids);
    ids.in(state);
    tiles.in(state);
    int longs = HEAD + ids.longs() + tiles.longs();
    ByteBuffer out =
        ByteBuffer.allocate(BLOB_HEAD + 4 * state.slots.length + 8 * longs).order(LITTLE_ENDIAN);
    out.put(MAGIC).put(VERSION).putInt(state.slots.length);
    for (int slot : state.slots) {
      out.putInt(slot);
    }
    LongBuffer table = out.slice().order(LITTLE_ENDIAN).asLongBuffer();
    table.put(state.longs, 0, IDS);
    ids.writeHead(table);
    tiles.writeHead(table);
    ids.write(table);
    tiles.write(table);
    return out.array();
  }

  private static HistoryState state(byte[] blob) throws CoderException {
    ByteBuffer in = ByteBuffer.wrap(blob).order(LITTLE_ENDIAN);
    byte magic = in.get();
    byte version = in.get();
    if (magic != MAGIC || version != VERSION) {
      throw new CoderException(
          "history state: found magic %d version %d, expected %d and %d"
              .formatted(magic, version, MAGIC, VERSION));
    }
    int[] slots = new int[in.getInt()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = in.getInt();
    }
    long[] longs = new long[in.remaining() / 8];
    in.slice().order(LITTLE_ENDIAN).asLongBuffer().get(longs);
    return new HistoryState(slots, longs);
  }
}
