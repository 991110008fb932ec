package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * A part of a stream's keys, by the hash by which Kinesis gives them to shards: what one reader
 * reads. Shards are split and merged while it reads, keys stay where they are: so the children of
 * what it reads are its own to read, in their order, and no reader needs to know of another.
 *
 * @param first of the hashes
 * @param last of them, which is within
 */
record KeyRange(BigInteger first, BigInteger last) implements Serializable {

  private static final int HASH_BITS = 128;
  private static final BigInteger LAST =
      BigInteger.ONE.shiftLeft(HASH_BITS).subtract(BigInteger.ONE);

  /** All keys. */
  static final KeyRange ALL = new KeyRange(BigInteger.ZERO, LAST);

  /**
   * At most {@code count} ranges that have all keys together, each of whole shards and of as many
   * as the others.
   *
   * @param firsts the first hash of each shard that is open
   */
  static List<KeyRange> over(List<BigInteger> firsts, int count) {
    List<BigInteger> sorted = firsts.stream().distinct().sorted().toList();
    int parts = Math.max(1, Math.min(count, sorted.size()));
    List<KeyRange> ranges = new ArrayList<>();
    BigInteger first = BigInteger.ZERO;
    for (int part = 1; part <= parts; part++) {
      BigInteger next =
          part == parts
              ? LAST.add(BigInteger.ONE)
              : sorted.get((int) ((long) sorted.size() * part / parts));
      ranges.add(new KeyRange(first, next.subtract(BigInteger.ONE)));
      first = next;
    }
    return ranges;
  }

  /** Whether keys of the shard are within. */
  boolean overlaps(Shard shard) {
    return first.compareTo(last(shard)) <= 0 && first(shard).compareTo(last) <= 0;
  }

  /** Whether all keys of the shard are within, so that it is no other reader's to read. */
  boolean contains(Shard shard) {
    return first.compareTo(first(shard)) <= 0 && last(shard).compareTo(last) <= 0;
  }

  /**
   * Whether a record is of this range, and of no other. A record that its producer put elsewhere
   * than its partition key says, by a hash of its own, counts as of the nearest hash of its shard.
   */
  boolean has(String partitionKey, Shard shard) {
    BigInteger hash = hash(partitionKey).max(first(shard)).min(last(shard));
    return first.compareTo(hash) <= 0 && hash.compareTo(last) <= 0;
  }

  static BigInteger first(Shard shard) {
    return new BigInteger(shard.hashKeyRange().startingHashKey());
  }

  private static BigInteger last(Shard shard) {
    return new BigInteger(shard.hashKeyRange().endingHashKey());
  }

  private static BigInteger hash(String partitionKey) {
    try {
      return new BigInteger(
          1, MessageDigest.getInstance("MD5").digest(partitionKey.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
