package dev.millrace.transforms.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.decode.CsvLine;
import dev.millrace.transforms.decode.UndecodableException;
import dev.millrace.transforms.event.Suggestion;
import dev.millrace.transforms.ingest.FileFormat;
import dev.millrace.transforms.ingest.LineStream;
import dev.millrace.transforms.ingest.MatchedFiles;
import dev.millrace.transforms.ingest.RecordStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** The records of one open reference file, each with its key; one that is bad is an error. */
abstract class FileRecords implements Closeable {

  /** A record and its key. */
  record Keyed(String key, Answer answer) {}

  private final String file;
  private final String place;
  private final String key;
  private final AnswerReader reader;
  private long number;

  private FileRecords(String file, String place, String key, AnswerReader reader) {
    this.file = file;
    this.place = place;
    this.key = key;
    this.reader = reader;
  }

  static FileRecords open(String file, FileFormat format, String key, AnswerReader reader)
      throws IOException {
    InputStream in = MatchedFiles.open(file);
    try {
      return switch (format) {
        case CSV -> new Csv(file, key, reader, new LineStream(in));
        case JSON_LINES -> new JsonLines(file, key, reader, new LineStream(in));
        case AVRO -> new Avro(file, key, reader, Avro.schema(in));
      };
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The next record; null at the end.
   *
   * @throws IOException naming the record, when it is not what was declared
   */
  final @Nullable Keyed next() throws IOException {
    AnswerReader.Fields record;
    do {
      number++;
      record = read();
      if (record == null) {
        return null;
      }
    } while (record == EMPTY);
    Object id = record.get(key);
    if (!(id instanceof CharSequence || id instanceof Integer || id instanceof Long)) {
      String found = id == null ? "none" : id.getClass().getSimpleName();
      throw problem(
          "field '%s': found %s, expected the key, text or a whole number".formatted(key, found));
    }
    Answer answer = isText() ? reader.text(record) : reader.typed(record);
    if (answer instanceof Answer.Invalid invalid) {
      throw problem(invalid.problem());
    }
    return new Keyed(id.toString(), answer);
  }

  /** A line with nothing in it, as at the end of a file. */
  static final AnswerReader.Fields EMPTY = field -> null;

  /** The next record, {@link #EMPTY}, or null at the end. */
  abstract AnswerReader.@Nullable Fields read() throws IOException;

  abstract boolean isText();

  IOException problem(String problem) {
    return new IOException("%s, %s %d: %s".formatted(file, place, number, problem));
  }

  /** Of what stands before the first record, and counts all the same. */
  final void passOne() {
    number++;
  }

  /** Refuses a file that has not what is wanted, before its first record. */
  final void expect(List<String> fields) throws IOException {
    List<String> wanted = new ArrayList<>(reader.wanted());
    wanted.add(key);
    for (String each : wanted) {
      if (!fields.contains(each)) {
        throw new IOException(
            "%s: found no field '%s'%s, expected one; there are %s"
                .formatted(file, each, Suggestion.didYouMean(each, fields), fields));
      }
    }
  }

  private static final class Csv extends FileRecords {
    private final LineStream lines;
    private final CsvLine csv = new CsvLine();
    private final List<String> header;

    Csv(String file, String key, AnswerReader reader, LineStream lines) throws IOException {
      super(file, "line", key, reader);
      this.lines = lines;
      byte[] first = lines.next();
      if (first == null) {
        throw new IOException(file + ": found an empty file, expected a header line");
      }
      header = split(first).stream().map(cell -> cell.text().strip()).toList();
      expect(header);
      passOne();
    }

    private List<CsvLine.Cell> split(byte[] line) throws IOException {
      try {
        return csv.split(new String(line, UTF_8));
      } catch (UndecodableException e) {
        throw problem(e.message());
      }
    }

    @Override
    AnswerReader.@Nullable Fields read() throws IOException {
      byte[] line = lines.next();
      if (line == null || line.length == 0) {
        return line == null ? null : EMPTY;
      }
      List<CsvLine.Cell> cells = split(line);
      if (cells.size() != header.size()) {
        throw problem(
            "found %d columns, expected %d as in the header"
                .formatted(cells.size(), header.size()));
      }
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < header.size(); i++) {
        CsvLine.Cell cell = cells.get(i);
        if (cell.quoted() || !cell.text().isEmpty()) {
          values.put(header.get(i), cell.text());
        }
      }
      return values::get;
    }

    @Override
    boolean isText() {
      return true;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private static final class JsonLines extends FileRecords {
    private final LineStream lines;

    JsonLines(String file, String key, AnswerReader reader, LineStream lines) {
      super(file, "line", key, reader);
      this.lines = lines;
    }

    @Override
    AnswerReader.@Nullable Fields read() throws IOException {
      byte[] line = lines.next();
      if (line == null || line.length == 0) {
        return line == null ? null : EMPTY;
      }
      try {
        return JsonRecord.fields(line);
      } catch (IllegalArgumentException e) {
        throw problem(String.valueOf(e.getMessage()));
      }
    }

    @Override
    boolean isText() {
      return false;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private static final class Avro extends FileRecords {
    private static final GenericData DATA = typed();

    private final RecordStream records;
    private final GenericDatumReader<GenericRecord> typed;
    private @Nullable BinaryDecoder decoder;

    Avro(String file, String key, AnswerReader reader, Schema schema) throws IOException {
      super(file, "record", key, reader);
      this.records = MatchedFiles.avro(file, schema);
      this.typed = new GenericDatumReader<>(schema, schema, DATA);
      expect(schema.getFields().stream().map(Schema.Field::name).toList());
    }

    /** That of a file, which is closed then. */
    static Schema schema(InputStream in) throws IOException {
      try (DataFileStream<GenericRecord> file =
          new DataFileStream<>(in, new GenericDatumReader<>())) {
        return file.getSchema();
      }
    }

    /** Values as their logical types say: microseconds are no milliseconds. */
    private static GenericData typed() {
      GenericData data = new GenericData();
      data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
      data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
      data.addLogicalTypeConversion(new TimeConversions.DateConversion());
      data.addLogicalTypeConversion(new Conversions.DecimalConversion());
      return data;
    }

    @Override
    AnswerReader.@Nullable Fields read() throws IOException {
      try {
        byte[] next = records.next();
        if (next == null) {
          return null;
        }
        decoder = DecoderFactory.get().binaryDecoder(next, decoder);
        GenericRecord record = typed.read(null, decoder);
        return field -> record.hasField(field) ? record.get(field) : null;
      } catch (IOException | AvroRuntimeException e) {
        throw problem(String.valueOf(e.getMessage()));
      }
    }

    @Override
    boolean isText() {
      return false;
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }
}
