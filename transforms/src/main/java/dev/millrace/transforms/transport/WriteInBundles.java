package dev.millrace.transforms.transport;

import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Sends each record at least once; the end of a bundle waits for what it sent. */
final class WriteInBundles extends PTransform<PCollection<KV<byte[], byte[]>>, PDone> {

  private final Destination destination;

  WriteInBundles(Destination destination) {
    this.destination = destination;
  }

  @Override
  public PDone expand(PCollection<KV<byte[], byte[]>> records) {
    records.apply("Send", ParDo.of(new SendFn(destination)));
    return PDone.in(records.getPipeline());
  }
}
