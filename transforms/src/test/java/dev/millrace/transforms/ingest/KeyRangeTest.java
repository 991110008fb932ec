package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.Shard;

class KeyRangeTest {

  @Test
  void ranges_are_of_whole_shards_and_have_all_keys() {
    List<BigInteger> firsts =
        LongStream.of(0, 10, 20, 30, 40).mapToObj(BigInteger::valueOf).toList();
    for (int count = 1; count <= 7; count++) {
      List<KeyRange> ranges = KeyRange.over(firsts, count);
      assertThat(ranges).hasSize(Math.min(count, 5));
      BigInteger next = BigInteger.ZERO;
      for (KeyRange range : ranges) {
        assertThat(range.first()).isEqualTo(next).isIn(firsts);
        next = range.last().add(BigInteger.ONE);
      }
      assertThat(next).isEqualTo(FakeKinesis.END);
    }
  }

  @Test
  void ranges_begin_at_the_first_key_whatever_shards_say() {
    assertThat(KeyRange.over(List.of(), 3)).containsExactly(KeyRange.ALL);
    assertThat(KeyRange.over(List.of(BigInteger.TEN), 3)).containsExactly(KeyRange.ALL);
  }

  @Test
  void a_record_is_of_one_range_of_those_that_its_shard_has_keys_of() {
    Shard shard = shard(BigInteger.valueOf(5), FakeKinesis.END.subtract(BigInteger.TWO));
    List<BigInteger> firsts =
        IntStream.range(0, 4)
            .mapToObj(i -> FakeKinesis.END.multiply(BigInteger.valueOf(i)).shiftRight(2))
            .toList();
    List<KeyRange> ranges = KeyRange.over(firsts, 4);
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String key = "key-" + i;
      List<Integer> own =
          IntStream.range(0, 4).filter(r -> ranges.get(r).has(key, shard)).boxed().toList();
      assertThat(own).hasSize(1);
      owners.addAll(own);
    }
    assertThat(owners).contains(0, 1, 2, 3);
  }

  @Test
  void a_record_that_was_put_by_a_hash_of_its_own_is_of_a_range_that_its_shard_has_keys_of() {
    // No key's MD5 is so small.
    Shard shard = shard(BigInteger.ZERO, BigInteger.TEN);
    List<KeyRange> ranges = KeyRange.over(List.of(BigInteger.ZERO, BigInteger.valueOf(6)), 2);
    assertThat(ranges.get(0).has("key", shard)).isFalse();
    assertThat(ranges.get(1).has("key", shard)).isTrue();
  }

  private static Shard shard(BigInteger first, BigInteger last) {
    return Shard.builder()
        .hashKeyRange(
            range -> range.startingHashKey(first.toString()).endingHashKey(last.toString()))
        .build();
  }
}
