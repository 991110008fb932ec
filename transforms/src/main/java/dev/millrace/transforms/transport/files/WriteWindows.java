package dev.millrace.transforms.transport.files;

import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.joda.time.Instant;

/**
 * Gives each record to its window and shard. Beam's own windows are not used: what is later than
 * they allow is dropped where they are grouped.
 */
final class WriteWindows extends PTransform<PCollection<KV<byte[], byte[]>>, PDone> {

  private final FileNames names;
  private final WrittenFormat format;
  private final String schema;
  private final long largest;

  WriteWindows(FileNames names, WrittenFormat format, String schema, long largest) {
    this.names = names;
    this.format = format;
    this.schema = schema;
    this.largest = largest;
  }

  @Override
  public PDone expand(PCollection<KV<byte[], byte[]>> records) {
    KvCoder<byte[], byte[]> record = KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of());
    records
        .apply("Without windows", Window.into(new GlobalWindows()))
        .apply("To shards", ParDo.of(new ShardFn(names)))
        .setCoder(KvCoder.of(KvCoder.of(VarLongCoder.of(), VarIntCoder.of()), record))
        .apply("Write", ParDo.of(new FileFn(names, format, schema, largest)));
    return PDone.in(records.getPipeline());
  }

  /** Emits each record behind the start of its window and its shard. */
  static final class ShardFn
      extends DoFn<KV<byte[], byte[]>, KV<KV<Long, Integer>, KV<byte[], byte[]>>> {

    private final FileNames names;

    ShardFn(FileNames names) {
      this.names = names;
    }

    @ProcessElement
    public void process(
        @Element KV<byte[], byte[]> record,
        @Timestamp Instant at,
        OutputReceiver<KV<KV<Long, Integer>, KV<byte[], byte[]>>> out) {
      out.output(
          KV.of(KV.of(names.startOf(at.getMillis()), names.shardOf(record.getKey())), record));
    }
  }
}
