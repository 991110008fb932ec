package dev.millrace.it.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Good payloads made bad, the same for the same seed. */
final class Mutations {

  private static final byte[] INTERESTING = {
    0, 1, 2, 0x7f, (byte) 0x80, (byte) 0xff, '{', '[', '"'
  };

  private final Random random;
  private final List<byte[]> good;

  Mutations(long seed, List<byte[]> good) {
    this.random = new Random(seed);
    this.good = good;
  }

  /** One good payload after up to eight changes; one in twenty as it is. */
  byte[] next() {
    byte[] payload = good.get(random.nextInt(good.size())).clone();
    if (random.nextInt(20) == 0) {
      return payload;
    }
    for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
      payload = changed(payload);
    }
    return payload;
  }

  private byte[] changed(byte[] payload) {
    int at = payload.length == 0 ? 0 : random.nextInt(payload.length);
    return switch (random.nextInt(7)) {
      case 0 -> flipped(payload, at);
      case 1 -> replaced(payload, at);
      case 2 -> Arrays.copyOf(payload, at);
      case 3 -> inserted(payload, at, some(1 + random.nextInt(12)));
      case 4 -> inserted(payload, at, Arrays.copyOfRange(payload, at, payload.length));
      case 5 -> spliced(payload, at);
      default -> without(payload, at, 1 + random.nextInt(8));
    };
  }

  private byte[] flipped(byte[] payload, int at) {
    if (payload.length > 0) {
      payload[at] ^= (byte) (1 << random.nextInt(8));
    }
    return payload;
  }

  private byte[] replaced(byte[] payload, int at) {
    if (payload.length > 0) {
      payload[at] = INTERESTING[random.nextInt(INTERESTING.length)];
    }
    return payload;
  }

  private byte[] some(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] inserted(byte[] payload, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(payload, payload.length + more.length);
    System.arraycopy(payload, at, longer, at + more.length, payload.length - at);
    System.arraycopy(more, 0, longer, at, more.length);
    return longer;
  }

  private byte[] spliced(byte[] payload, int at) {
    byte[] other = good.get(random.nextInt(good.size()));
    int from = random.nextInt(other.length);
    byte[] joined = Arrays.copyOf(payload, at + other.length - from);
    System.arraycopy(other, from, joined, at, other.length - from);
    return joined;
  }

  private static byte[] without(byte[] payload, int at, int count) {
    int behind = Math.min(payload.length, at + count);
    byte[] shorter = Arrays.copyOf(payload, at + payload.length - behind);
    System.arraycopy(payload, behind, shorter, at, payload.length - behind);
    return shorter;
  }
}
