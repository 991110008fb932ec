package dev.millrace.benchmark.decode;

import dev.millrace.transforms.ingest.RawRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Whether contestants do the same work: all that make rows of a format must make equal ones. */
final class Agreement {

  private static final int RECORDS = 512;

  private Agreement() {}

  /**
   * Decodes the first records of a dataset with every contestant that makes rows.
   *
   * @return how many rows each has made
   * @throws IllegalStateException naming two contestants and the first record that they read
   *     differently
   */
  static int check(Dataset data, Format format) throws Exception {
    List<RawRecord> payloads = format.payloads(data).subList(0, RECORDS);
    @Nullable List<List<@Nullable Object>> expected = null;
    String first = "";
    for (Contestant contestant : Contestant.all()) {
      if (contestant.format() != format || !contestant.name().endsWith("-row")) {
        continue;
      }
      List<List<@Nullable Object>> rows = rows(contestant.open(data), payloads);
      if (expected == null) {
        expected = rows;
        first = contestant.id();
      }
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.get(i).equals(expected.get(i))) {
          throw new IllegalStateException(
              "record %d: found that %s and %s read it differently, expected equal rows"
                  .formatted(i, first, contestant.id()));
        }
      }
    }
    return expected == null ? 0 : expected.size();
  }

  /** Values alone: how a schema names its nullable fields is each reader's own. */
  private static List<List<@Nullable Object>> rows(
      Contestant.Decoding decoding, List<RawRecord> payloads) throws Exception {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (RawRecord payload : payloads) {
      rows.add(((Row) decoding.decode(payload)).getValues());
    }
    return rows;
  }
}
