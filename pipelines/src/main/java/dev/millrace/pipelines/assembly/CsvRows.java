package dev.millrace.pipelines.assembly;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.telemetry.StageCounter;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes one CSV file with a header: a row per event, in no order, of the columns asked for.
 * Numbers are written so that reading them gives the same bits; true is 1, false 0; a time is
 * ISO-8601 in UTC; bytes are base64; a list or a map is for people to read; null is empty.
 */
public final class CsvRows extends PTransform<PCollection<Event>, PDone> {

  private final String file;
  private final List<String> columns;

  private CsvRows(String file, List<String> columns) {
    this.file = file;
    this.columns = List.copyOf(columns);
  }

  /** To {@code file}, overwriting it. */
  public static CsvRows to(String file, List<String> columns) {
    return new CsvRows(file, columns);
  }

  @Override
  public PDone expand(PCollection<Event> events) {
    EventLayout layout = EventCoder.layoutOf(events);
    List<Column> read = columns.stream().map(layout::column).toList();
    return events
        .apply("To rows", ParDo.of(new RowFn(read)))
        .apply(
            "To file",
            TextIO.write().to(file).withoutSharding().withHeader(String.join(",", columns)));
  }

  static final class RowFn extends DoFn<Event, String> {
    private final List<Column> columns;
    private final StageCounter rows = StageCounter.of("deliver", "rowsWritten");

    RowFn(List<Column> columns) {
      this.columns = columns;
    }

    @ProcessElement
    public void row(@Element Event event, OutputReceiver<String> out) {
      StringBuilder row = new StringBuilder(columns.size() * 12);
      for (Column column : columns) {
        if (row.length() > 0 || column != columns.get(0)) {
          row.append(',');
        }
        append(column, event, row);
      }
      rows.inc();
      out.output(row.toString());
    }

    private static void append(Column column, Event event, StringBuilder row) {
      if (column.isNull(event)) {
        return;
      }
      switch (column.type()) {
        case BOOLEAN -> row.append(column.getBoolean(event) ? 1 : 0);
        case TIMESTAMP -> row.append(Instant.ofEpochMilli(column.getLong(event)));
        case BYTES -> row.append(Base64.getEncoder().encodeToString(column.getBytes(event)));
        default -> row.append(quoted(column.text(event)));
      }
    }

    private static String quoted(String text) {
      boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
  }
}
