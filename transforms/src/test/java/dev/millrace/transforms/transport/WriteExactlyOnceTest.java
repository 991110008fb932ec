package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class WriteExactlyOnceTest {

  private static final Map<Integer, FakeShard> SHARDS = new ConcurrentHashMap<>();

  @Test
  void each_record_is_written_once_and_a_key_stays_in_one_shard(TestPipeline pipeline) {
    List<KV<byte[], byte[]>> records =
        IntStream.range(0, 500)
            .mapToObj(i -> KV.of(("k" + i % 100).getBytes(UTF_8), ("v" + i).getBytes(UTF_8)))
            .toList();
    pipeline
        .apply(Create.of(records))
        .apply(new WriteExactlyOnce("test", 3, WriteExactlyOnceTest::transactions));
    pipeline.run().waitUntilFinish();

    List<String> all = SHARDS.values().stream().flatMap(s -> s.committed.stream()).toList();
    assertThat(all).hasSize(500);
    assertThat(all.stream().collect(groupingBy(key -> key)).values())
        .hasSize(100)
        .allSatisfy(same -> assertThat(same).hasSize(5));
    assertThat(SHARDS).hasSize(3);
    Map<String, List<Integer>> shardsOfKey =
        SHARDS.entrySet().stream()
            .flatMap(e -> e.getValue().committed.stream().distinct().map(k -> Map.entry(k, e)))
            .collect(
                groupingBy(
                    Map.Entry::getKey,
                    java.util.stream.Collectors.mapping(
                        e -> e.getValue().getKey(), java.util.stream.Collectors.toList())));
    assertThat(shardsOfKey.values()).allSatisfy(shards -> assertThat(shards).hasSize(1));
  }

  private static ShardTransactions transactions(int shard) {
    return SHARDS.computeIfAbsent(shard, unseen -> new FakeShard()).transactions();
  }
}
