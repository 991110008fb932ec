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
 * 'M' version | newest event time | last seen | secret | slot ids | tiles: time, slots | ids: expiry, hash
 * </pre>
 *
 * Tiles and ids column by column. Little-endian, as processors are: a copy that turns the bytes
 * round takes twice as long. The slot ids make old state readable when features change.
 */
public final class HistoryState {

  /** An id takes its expiry and its hash. */
  static final int ID_LONGS = 2;

  private static final byte MAGIC = 'M';
  private static final byte VERSION = 5;
  private static final int HEAD = 2 + 8 + 8 + 16 + 4 + 4 + 4;
  private static final int FIRST_TILES = 2;
  private static final int FIRST_IDS = 2;

  /** The newest event time; {@code Long.MIN_VALUE} before the first event. */
  long newest = Long.MIN_VALUE;

  /** When the key was last touched, in wall-clock milliseconds. */
  long lastSeen = Long.MIN_VALUE;

  /** Under which ids are hashed: the key's own, so that nobody can make two ids that agree. */
  final long secret0;

  final long secret1;

  /** Whose numbers a tile has, by {@link Slot#id}. */
  int[] slots;

  /** A tile's time and then its numbers as bits. */
  final Rows tiles;

  /** An id's expiry and then its hash. */
  final Rows ids;

  /** Of a key without a past. */
  HistoryState(int[] slots, long secret0, long secret1) {
    this(
        slots,
        secret0,
        secret1,
        new Rows(1 + slots.length, 1, FIRST_TILES),
        new Rows(ID_LONGS, ID_LONGS, FIRST_IDS));
  }

  /** Of other slots, with the ids and times of {@code past}, and no tiles yet. */
  HistoryState(int[] slots, HistoryState past) {
    this(
        slots,
        past.secret0,
        past.secret1,
        new Rows(1 + slots.length, 1, past.tiles.count()),
        past.ids);
    this.newest = past.newest;
    this.lastSeen = past.lastSeen;
  }

  private HistoryState(int[] slots, long secret0, long secret1, Rows tiles, Rows ids) {
    this.slots = slots;
    this.secret0 = secret0;
    this.secret1 = secret1;
    this.tiles = tiles;
    this.ids = ids;
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
    Rows tiles = state.tiles;
    Rows ids = state.ids;
    ByteBuffer out =
        ByteBuffer.allocate(HEAD + 4 * state.slots.length + 8 * (tiles.longs() + ids.longs()))
            .order(LITTLE_ENDIAN);
    out.put(MAGIC).put(VERSION).putLong(state.newest).putLong(state.lastSeen);
    out.putLong(state.secret0).putLong(state.secret1);
    out.putInt(state.slots.length).putInt(tiles.count()).putInt(ids.count());
    for (int slot : state.slots) {
      out.putInt(slot);
    }
    LongBuffer longs = out.slice().order(LITTLE_ENDIAN).asLongBuffer();
    tiles.writeTo(longs);
    ids.writeTo(longs);
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
    long newest = in.getLong();
    long lastSeen = in.getLong();
    long secret0 = in.getLong();
    long secret1 = in.getLong();
    int[] slots = new int[in.getInt()];
    int tiles = in.getInt();
    int ids = in.getInt();
    for (int i = 0; i < slots.length; i++) {
      slots[i] = in.getInt();
    }
    LongBuffer longs = in.slice().order(LITTLE_ENDIAN).asLongBuffer();
    HistoryState state =
        new HistoryState(
            slots,
            secret0,
            secret1,
            Rows.readFrom(longs, 1 + slots.length, 1, tiles),
            Rows.readFrom(longs, ID_LONGS, ID_LONGS, ids));
    state.newest = newest;
    state.lastSeen = lastSeen;
    return state;
  }
}
