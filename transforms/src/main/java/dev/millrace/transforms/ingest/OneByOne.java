package dev.millrace.transforms.ingest;

import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;

/** Takes apart what was read together; each record has its own timestamp. */
final class OneByOne extends DoFn<List<RawRecord>, RawRecord> {
  @ProcessElement
  public void process(@Element List<RawRecord> batch, OutputReceiver<RawRecord> out) {
    for (RawRecord record : batch) {
      out.outputWithTimestamp(record, Instant.ofEpochMilli(record.timestamp()));
    }
  }
}
