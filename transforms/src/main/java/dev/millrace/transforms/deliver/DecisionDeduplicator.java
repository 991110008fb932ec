package dev.millrace.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells a consumer of decisions which of them are repeats, by their {@code event_id}. It needs
 * nothing of Beam's, and about 100 bytes of memory for an id.
 *
 * <p>It is exact within its window: of two decisions with one id, the second is a repeat when it
 * comes before so many other ids have been seen, or so much time has passed, since the first. Ids
 * are remembered as 128 bits of their SHA-256. A pipeline repeats what it wrote since its last
 * checkpoint, so a window that holds the decisions of a few checkpoint intervals, and of the
 * longest outage between them, is enough.
 *
 * <p>It forgets with its process: a consumer that starts anew reads again from as far back as the
 * window reaches, or keeps the id in its own store. One instance is for one thread.
 *
 * <pre>{@code
 * DecisionDeduplicator seen = DecisionDeduplicator.ofLast(1_000_000);
 * for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
 *   if (seen.isNew(new String(record.key(), UTF_8), record.timestamp())) {
 *     decide(record.value());
 *   }
 * }
 * }</pre>
 */
public final class DecisionDeduplicator {

  private record Hash(long high, long low) {}

  private final int mostIds;
  private final long windowMillis;
  private final Map<Hash, Long> firstSeen = new LinkedHashMap<>();
  private final MessageDigest digest;
  private long now = Long.MIN_VALUE;
  private long repeats;

  private DecisionDeduplicator(int mostIds, long windowMillis) {
    if (mostIds < 1 || windowMillis < 1) {
      throw new IllegalArgumentException("found an empty window, expected one id or 1 ms or more");
    }
    this.mostIds = mostIds;
    this.windowMillis = windowMillis;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Remembers the last {@code ids} different ones. */
  public static DecisionDeduplicator ofLast(int ids) {
    return new DecisionDeduplicator(ids, Long.MAX_VALUE);
  }

  /**
   * Remembers the ids of a span of time, by the records' own timestamps, but at most {@code ids} of
   * them, which bounds the memory.
   */
  public static DecisionDeduplicator within(Duration window, int ids) {
    return new DecisionDeduplicator(ids, window.toMillis());
  }

  /**
   * Whether this id was not seen in the window; from now on it is.
   *
   * @param millis the record's timestamp; the newest of all is what time it is
   */
  public boolean isNew(String id, long millis) {
    now = Math.max(now, millis);
    forgetOld();
    if (firstSeen.putIfAbsent(hash(id), now) != null) {
      repeats++;
      return false;
    }
    if (firstSeen.size() > mostIds) {
      forgetFirst();
    }
    return true;
  }

  /** How many were not new so far. */
  public long repeats() {
    return repeats;
  }

  /** How many ids are remembered. */
  public int size() {
    return firstSeen.size();
  }

  private void forgetOld() {
    Iterator<Long> oldest = firstSeen.values().iterator();
    while (windowMillis != Long.MAX_VALUE
        && oldest.hasNext()
        && oldest.next() <= now - windowMillis) {
      oldest.remove();
    }
  }

  private void forgetFirst() {
    Iterator<Hash> oldest = firstSeen.keySet().iterator();
    oldest.next();
    oldest.remove();
  }

  /** Nobody can make two ids that agree, and so hide a decision behind another. */
  private Hash hash(String id) {
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest(id.getBytes(UTF_8)));
    return new Hash(bytes.getLong(), bytes.getLong());
  }
}
