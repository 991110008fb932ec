package dev.millrace.benchmark.decode;

import dev.millrace.benchmark.decode.Contestant.Decoding;
import dev.millrace.transforms.ingest.RawRecord;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
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

  // Enough for a method called once a record to be compiled for good: the JVM asks for 15,000.
  private static final int SETTLED = 20_000;
  // Code that was thrown away runs interpreted for a while before it is compiled again.
  private static final int QUIET_SPELLS = 3;
  private static final long QUIET_MILLIS = 2;
  private static final long LONGEST_SECONDS = 60;

  private RawRecord[] payloads = {};
  private Decoding decoding = record -> record;
  private int next;

  /**
   * Loads the dataset, opens the contestant, and decodes until nothing is compiled any more. A time
   * would not do: the contestant with the most code would still be interpreted at its end, and seem
   * many times slower than it is.
   */
  @Setup
  public void settle(Blackhole values) throws Exception {
    open();
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long start = System.nanoTime();
    for (int quiet = 0; quiet < QUIET_SPELLS; ) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
        throw new IllegalStateException(
            "%s: found code still being compiled after %d s, expected it to settle"
                .formatted(contestant, LONGEST_SECONDS));
      }
      long before = compiler.getTotalCompilationTime();
      for (int i = 0; i < SETTLED; i++) {
        values.consume(decode(values));
      }
      quiet = compiler.getTotalCompilationTime() - before > QUIET_MILLIS ? 0 : quiet + 1;
    }
  }

  void open() {
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
