package dev.millrace.transforms.transport;

import java.util.Arrays;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Spreads records over shards by their keys, and writes each shard in transactions of its own. */
final class WriteExactlyOnce extends PTransform<PCollection<KV<byte[], byte[]>>, PDone> {

  private final String sinkId;
  private final int shards;
  private final WriteShardFn.Opening opening;

  WriteExactlyOnce(String sinkId, int shards, WriteShardFn.Opening opening) {
    this.sinkId = sinkId;
    this.shards = shards;
    this.opening = opening;
  }

  @Override
  public PDone expand(PCollection<KV<byte[], byte[]>> records) {
    int count = shards;
    SerializableFunction<KV<byte[], byte[]>, Integer> shard =
        record -> Math.floorMod(Arrays.hashCode(record.getKey()), count);
    records
        .apply("Shard by key", WithKeys.of(shard).withKeyType(TypeDescriptors.integers()))
        .setCoder(KvCoder.of(VarIntCoder.of(), records.getCoder()))
        .apply("Write in transactions", ParDo.of(new WriteShardFn(sinkId, opening)));
    return PDone.in(records.getPipeline());
  }
}
