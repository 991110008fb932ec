package dev.millrace.transforms.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.lookup.Answer.Absent;
import dev.millrace.transforms.lookup.Answer.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of files. */
class TableReferenceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private ReferenceFile file(String name) {
    return new ReferenceFile(
        folder.resolve(name).toString(), "id", Duration.ofMillis(20), TableRecords.DEFAULT_MOST);
  }

  private static TableReference open(ReferenceFile file) throws IOException {
    return open(file, PATIENCE);
  }

  private static TableReference open(ReferenceFile file, Duration patience) throws IOException {
    TableReference table =
        TableReference.start(
            new FileFeed(file, FakeServer.COLUMNS), patience, Duration.ofMillis(20));
    table.await();
    return table;
  }

  /** By a rename, so that it is there whole or not at all. */
  private void write(String name, String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void writeAvro(GenericRecordBuilder builder) throws IOException {
    GenericRecord record = builder.build();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>())
            .create(record.getSchema(), folder.resolve("c.avro").toFile())) {
      writer.append(record);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void new_version_takes_the_place_of_the_old_one_and_a_bad_one_does_not() throws Exception {
    write("c.csv", "id,segment,limit\na,GOLD,1\nb,BASE,2\n");
    try (TableReference table = open(file("c.csv"))) {
      assertThat(table.known("a")).isInstanceOf(Found.class);
      assertThat(table.known("c")).isEqualTo(Absent.MISSING);
      write("c.csv", "id,segment,limit\na,GOLD,much\nc,BASE,2\n");
      await(() -> table.state().refused() == 1);
      assertThat(table.known("b")).isInstanceOf(Found.class);
      assertThat(table.known("c")).isEqualTo(Absent.MISSING);
      write("c.csv", "id,segment,limit\nc,BASE,22\n\n");
      await(() -> table.known("c") instanceof Found);
      assertThat(table.known("a")).isEqualTo(Absent.MISSING);
      assertThat(table.state().records()).isEqualTo(1);
      assertThat(table.state().refused()).isEqualTo(1);
      Files.delete(folder.resolve("c.csv"));
      await(() -> table.state().refused() > 1);
      assertThat(table.known("c")).isInstanceOf(Found.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "c.csv | id,segment,limit\\na,GOLD,1\\na,GOLD,2 | c.csv, line 3: found key 'a' twice, expected it once",
        "c.csv | id,segment,limit\\na,GOLD | c.csv, line 2: found 2 columns, expected 3 as in the header",
        "c.csv | id,segment,limit\\n,GOLD,1 | c.csv, line 2: field 'id': found none, expected the key, text or a whole number",
        "c.csv | id,segment\\na,GOLD | c.csv: found no field 'limit', expected one; there are [id, segment]",
        "c.csv | id,segment,limit\\n | files c.csv: found no record, expected one or more",
        "c.jsonl | {\"id\": \"a\", \"limit\": \"1\"} | c.jsonl, line 1: field 'limit': found text of 1 characters, expected a finite number",
        "c.jsonl | {\"id\": \"a\" | c.jsonl, line 1: found 10 bytes that are no JSON, expected an object",
        "c.jsonl | - | files c.jsonl: found no such file"
      })
  void file_that_is_not_as_declared_is_an_error_that_names_the_line(
      String name, String text, String problem) throws IOException {
    if (text != null) {
      write(name, text.replace("\\n", "\n"));
    }
    ReferenceFile file = file(name);
    assertThatThrownBy(() -> file.check(FakeServer.COLUMNS))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).replace(folder + "/", ""))
                    .isEqualTo(problem));
    assertThatThrownBy(() -> open(file, Duration.ofMillis(300)).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("found nothing to read for 0 s (")
        .hasMessageContaining("expected a whole table before the first event is looked up");
  }

  @Test
  void json_lines_and_avro_have_types_of_their_own() throws Exception {
    write("c.jsonl", "{\"id\": 7, \"segment\": \"GOLD\", \"limit\": 1}\n");
    var schema =
        SchemaBuilder.record("Customer")
            .fields()
            .requiredLong("id")
            .requiredString("segment")
            .optionalDouble("limit")
            .endRecord();
    writeAvro(
        new GenericRecordBuilder(schema).set("id", 7L).set("segment", "GOLD").set("limit", 1.0));
    try (TableReference json = open(file("c.jsonl"));
        TableReference avro = open(file("c.avro"))) {
      assertThat(avro.known("7")).isInstanceOf(Found.class);
      assertThat(json.known("7")).isInstanceOf(Found.class);
    }
  }

  @Test
  void an_avro_file_that_is_cut_off_is_refused_and_not_taken_for_one_that_ends_there()
      throws Exception {
    var schema =
        SchemaBuilder.record("Customer")
            .fields()
            .requiredString("id")
            .requiredString("segment")
            .optionalDouble("limit")
            .endRecord();
    Path file = folder.resolve("c.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>())
            .create(schema, file.toFile())) {
      for (String id : List.of("a", "b")) {
        writer.append(
            new GenericRecordBuilder(schema).set("id", id).set("segment", "GOLD").build());
        // A block of its own.
        long unused = writer.sync();
      }
    }
    file("c.avro").check(FakeServer.COLUMNS);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
    assertThatThrownBy(() -> file("c.avro").check(FakeServer.COLUMNS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("c.avro, record 2: bytes ")
        .hasMessageContaining("found the end of the file in a block");
  }

  @Test
  void values_of_avro_are_what_their_logical_types_say() throws Exception {
    var schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Customer", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "millis", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "paid", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}
                """);
    writeAvro(
        new GenericRecordBuilder(schema)
            .set("id", 7L)
            .set("millis", 1_700_000_000_123L)
            .set("micros", 1_700_000_000_123_456L)
            .set("day", 20_000)
            .set("paid", ByteBuffer.wrap(new byte[] {4, -46})));
    LookupColumns columns =
        new LookupColumns(
            List.of(
                LookupColumn.of("millis", LookupType.TIMESTAMP, "millis"),
                LookupColumn.of("micros", LookupType.TIMESTAMP, "micros"),
                LookupColumn.of("day", LookupType.TIMESTAMP, "day"),
                LookupColumn.of("paid", LookupType.DOUBLE, "paid")),
            null);
    Answer answer = new FileFeed(file("c.avro"), columns).load(FileFeed.UNWATCHED).get("7");
    assertThat(AnswerReaderTest.row(columns, Objects.requireNonNull(answer)).getValues())
        .containsExactly(
            "e1",
            Instant.ofEpochMilli(1_700_000_000_123L),
            Instant.ofEpochMilli(1_700_000_000_123L),
            Instant.ofEpochMilli(20_000 * 86_400_000L),
            12.34);
  }

  @Test
  void table_that_outgrows_its_bytes_says_what_to_do() throws Exception {
    write("c.csv", "id,segment,limit\na,GOLD,1\nb,BASE,2\n");
    ReferenceFile small =
        new ReferenceFile(folder.resolve("c.csv").toString(), "id", PATIENCE, 200);
    assertThatThrownBy(() -> small.check(FakeServer.COLUMNS))
        .hasMessageContaining(
            "found more than 200 bytes in 1 records, expected fewer: set maxBytes");
    assertThatThrownBy(() -> open(small).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("set maxBytes");
  }

  @Test
  void bytes_of_a_record_that_is_replaced_or_removed_are_free_again() {
    TableRecords records = new TableRecords("t", 400);
    Answer answer = new AnswerReader(FakeServer.COLUMNS).typed(field -> null);
    for (int i = 0; i < 100; i++) {
      assertThat(records.put("a", answer)).isEqualTo(i > 0);
      assertThat(records.put("b", answer)).isFalse();
      records.remove("b");
    }
    assertThat(records.size()).isEqualTo(1);
    List<String> keys = List.of("a");
    assertThat(keys).allSatisfy(key -> assertThat(records.get(key)).isSameAs(answer));
  }
}
