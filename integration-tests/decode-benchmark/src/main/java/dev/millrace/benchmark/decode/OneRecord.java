package dev.millrace.benchmark.decode;

import dev.millrace.benchmark.decode.Contestant.Decoding;
import dev.millrace.transforms.ingest.RawRecord;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.values.Row;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What JMH measures: one contestant decodes one dataset's payloads, the next one each time. Of a
 * row every value is read, so that one that put off its work would still have to do it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OneRecord {

  /** The name of a {@link Dataset.Source}. */
  @Param("")
  public String dataset = "";

  /** The id of a {@link Contestant}. */
  @Param("")
  public String contestant = "";

  private RawRecord[] payloads = {};
  private Decoding decoding = record -> record;
  private int next;

  /** Loads the dataset and opens the contestant. */
  @Setup
  public void open() {
    Dataset data = Dataset.Source.valueOf(dataset).load();
    Contestant one = Contestant.of(contestant);
    payloads = one.format().payloads(data).toArray(new RawRecord[0]);
    decoding = one.open(data);
  }

  /** Decodes one payload. */
  @Benchmark
  public Object decode(Blackhole values) throws Exception {
    Object decoded = decodeNext();
    if (decoded instanceof Row row) {
      for (int i = 0; i < row.getFieldCount(); i++) {
        values.consume(row.getValue(i));
      }
    }
    return decoded;
  }

  Object decodeNext() throws Exception {
    RawRecord payload = payloads[next];
    next = next + 1 == payloads.length ? 0 : next + 1;
    return decoding.decode(payload);
  }
}
