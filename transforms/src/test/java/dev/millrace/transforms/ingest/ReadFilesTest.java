package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Origin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.SourceTestUtils;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class ReadFilesTest {

  @TempDir Path folder;

  private Path gzip(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }

  private static RawRecord record(Path file, long position, String payload) {
    Origin origin = new Origin("files", file.toString(), 0, position);
    return new RawRecord(origin, RawRecord.NO_TIMESTAMP, null, payload.getBytes(UTF_8));
  }

  private static List<RawRecord> read(
      @Nullable String header, @Nullable Schema schema, Path... files) throws IOException {
    List<String> names = List.of(files).stream().map(Path::toString).toList();
    return SourceTestUtils.readFromSource(
        new FileSource(names, new FileOpening(header, schema)), PipelineOptionsFactory.create());
  }

  @Test
  void compressed_csv_files_are_read_line_by_line(TestPipeline pipeline) throws IOException {
    Path first = gzip("a.csv.gz", "\ufeffid,amount\r\n1,2.5\r\n\r\n2,\"a,b\"");
    Path second = gzip("b.csv.gz", "id,amount\n3,1\n");
    ReadFiles files = ReadFiles.from(folder.resolve("*.csv.gz").toString());
    assertThat(files.header()).isEqualTo("id,amount");
    PAssert.that(pipeline.apply(files))
        .containsInAnyOrder(
            record(first, 2, "1,2.5"),
            record(first, 3, ""),
            record(first, 4, "2,\"a,b\""),
            record(second, 2, "3,1"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void one_reader_keeps_the_order_of_files_and_lines() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 50_000; i++) {
      text.append(i).append('\n');
    }
    Path first = gzip("a.jsonl.gz", text.toString());
    Path second = Files.writeString(folder.resolve("b.jsonl"), "last");
    List<RawRecord> records = read(null, null, first, second);
    assertThat(records).hasSize(50_001);
    for (int i = 0; i < 50_000; i++) {
      assertThat(records.get(i)).isEqualTo(record(first, i + 1, Integer.toString(i + 1)));
    }
    assertThat(records.get(50_000)).isEqualTo(record(second, 1, "last"));
    List<? extends BoundedSource<RawRecord>> split =
        new FileSource(List.of("a", "b"), new FileOpening(null, null))
            .split(1, PipelineOptionsFactory.create());
    assertThat(split).hasSize(2);
  }

  @Test
  void avro_files_are_resolved_to_the_contract() throws IOException {
    Schema written =
        schema("{\"name\": \"x\", \"type\": \"int\"}, {\"name\": \"old\", \"type\": \"int\"}");
    Schema read =
        schema(
            "{\"name\": \"old\", \"type\": \"long\"}, {\"name\": \"new\", \"type\": \"string\", \"default\": \"n\"}");
    Path file = folder.resolve("a.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(written))) {
      writer.create(written, file.toFile());
      for (int i = 1; i <= 2; i++) {
        GenericRecord record = new GenericData.Record(written);
        record.put("x", -1);
        record.put("old", i);
        writer.append(record);
      }
    }
    assertThat(read(null, read, file))
        .containsExactly(record(file, 1, "\u0002\u0002n"), record(file, 2, "\u0004\u0002n"));
  }

  private static Schema schema(String fields) {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
  }

  @Test
  void pattern_that_matches_nothing_is_refused_at_launch(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    String pattern = folder.resolve("none-*.csv").toString();
    assertThatThrownBy(() -> pipeline.apply(ReadFiles.from(pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("files '%s': found no such file, expected at least one", pattern);
    assertThatThrownBy(() -> ReadFiles.from("a.txt").format())
        .hasMessageStartingWith("files 'a.txt': found no format in the name");
    assertThat(ReadFiles.from("a.txt").withFormat(FileFormat.CSV).format())
        .isEqualTo(FileFormat.CSV);
    assertThatThrownBy(() -> pipeline.apply(ReadFiles.from("a.avro")))
        .hasMessageContaining("expected withSchema(contract)");
  }

  @Test
  void empty_csv_file_and_another_header_are_named() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.csv"), "");
    assertThatThrownBy(() -> ReadFiles.from(empty.toString()).header())
        .hasMessage("%s: found an empty file, expected a header line", empty);
    Path other = Files.writeString(folder.resolve("other.csv"), "a,c\n1,2\n");
    assertThatThrownBy(() -> read("a,b", null, other))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s, after record 0: bytes 0 to the end: found a header of 2 columns without b, expected 'a,b', that of the first file",
            other);
  }

  @Test
  void damaged_file_names_its_last_good_record() throws IOException {
    Path whole = gzip("a.jsonl.gz", "x\n".repeat(100_000));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> read(null, null, cut))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".*cut.jsonl.gz, after record \\d+: .*");
  }

  @Test
  void endless_line_takes_bounded_memory_and_keeps_its_place() throws IOException {
    byte[] head = new byte[LineStream.LONGEST + 100_000];
    Arrays.fill(head, (byte) 'x');
    InputStream in =
        new SequenceInputStream(
            new ByteArrayInputStream(head), new ByteArrayInputStream("\nnext".getBytes(UTF_8)));
    try (LineStream lines = new LineStream(in)) {
      List<Integer> sizes = new ArrayList<>();
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        sizes.add(line.length);
      }
      assertThat(sizes).containsExactly(LineStream.LONGEST, 4);
      assertThat(lines.position()).isEqualTo(2);
    }
  }

  @Test
  void raw_records_are_coded_whole() throws Exception {
    RawRecordCoder coder = RawRecordCoder.of();
    Origin origin = new Origin("kafka", "t", 3, 4);
    for (RawRecord record :
        List.of(
            new RawRecord(origin, 5, null, new byte[0]),
            new RawRecord(new Origin("pubsub", "s", 0, 0, "id-7"), 5, null, new byte[0]),
            new RawRecord(origin, RawRecord.NO_TIMESTAMP, new byte[] {1}, new byte[] {2, 3}),
            new RawRecord(origin, 5, null, new byte[] {2})
                .withFault(new RawRecord.Fault(Reason.EMPTY, "found none")))) {
      CoderProperties.coderDecodeEncodeEqual(coder, record);
    }
    CoderProperties.coderSerializable(coder);
  }
}
