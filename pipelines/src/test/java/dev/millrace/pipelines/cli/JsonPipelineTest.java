package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline whose contract is a JSON Schema. */
class JsonPipelineTest {

  private static final String SPEC =
      """
      pipeline: sales
      events:
        from: { files: { path: sales.jsonl } }
        format: { json: { contract: sale.json, unknownFields: refuse, limits: { items: 2 } } }
        id: id
        eventTime: at
      validate: [ "shop.city != 'Ulm'" ]
      history:
        - key: shop.city
          features: { sum_1d: { sum: amount, over: 1d } }
      decide:
        field: decision
        rules: [ { when: "sum_1d > 4.0", then: LARGE } ]
        otherwise: SMALL
      to: { files: { path: decisions.csv } }
      deadLetters: { files: { path: dead.avro } }
      """;

  @TempDir private Path folder;
  private final StringWriter errors = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("sales.yaml"), SPEC);
    Files.writeString(
        folder.resolve("sale.json"),
        """
        {"type": "object", "required": ["id", "at"], "properties": {
          "id": {"type": "integer"},
          "at": {"type": "string", "format": "date-time"},
          "amount": {"type": "number", "aliases": ["sum"], "default": 1},
          "kind": {"enum": ["ON", "OFF"], "default": "ON"},
          "shop": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
          "tags": {"type": "array", "items": {"type": "string"}}}}
        """);
  }

  private int millrace(String... arguments) {
    return Millrace.run(
        new PrintWriter(Writer.nullWriter()), new PrintWriter(errors, true), arguments);
  }

  private static String sale(int id, String fields) {
    return "{\"id\": %d, \"at\": \"2018-04-01T12:00:0%dZ\", \"shop\": {\"city\": \"Bern\"}%s}"
        .formatted(id, id, fields);
  }

  @Test
  void json_lines_become_decisions_and_dead_letters() throws IOException {
    Files.write(
        folder.resolve("sales.jsonl"),
        List.of(
            sale(1, ""),
            sale(2, ", \"sum\": 3, \"tags\": [\"a\", \"b\"]"),
            sale(3, ", \"amount\": 0.5, \"kind\": \"OFF\""),
            sale(4, ", \"amount\": \"1\""),
            sale(5, ", \"colour\": 1"),
            sale(6, ", \"tags\": [\"a\", \"b\", \"c\"]"),
            sale(7, ", \"tags\": [\"t\"]").replace("Bern", "Ulm")));
    int code = millrace("run", folder.resolve("sales.yaml").toString(), "--runner=direct");
    assertThat(code).as(errors.toString()).isZero();
    assertThat(decisions())
        .containsExactlyInAnyOrder(
            "id,at,amount,kind,shop.city,tags,sum_1d,decision",
            "1,2018-04-01T12:00:01Z,1.0,ON,Bern,,1.0,SMALL",
            "2,2018-04-01T12:00:02Z,3.0,ON,Bern,\"[a, b]\",4.0,SMALL",
            "3,2018-04-01T12:00:03Z,0.5,OFF,Bern,,4.5,LARGE");
    assertThat(deadLetters())
        .containsExactlyInAnyOrder(
            "MALFORMED field 'amount': found a string, expected a double",
            "MALFORMED payload: found a field that the contract has not, expected one of [id, at, amount, kind, shop, tags]",
            "TOO_LARGE payload: found more than 2 items in lists and maps",
            "INVALID 'shop.city != 'Ulm'' is false (shop.city = 'Ulm')");
  }

  @Test
  void event_that_breaks_a_rule_is_no_label_either_and_decisions_may_be_avro() throws IOException {
    Files.writeString(
        folder.resolve("sales.yaml"),
        SPEC.replace("validate:", "labels: { from: events }\nvalidate:")
            .replace("shop.city != 'Ulm'", "amount > 0.0")
            .replace("sum: amount,", "count: labels, where: \"kind == 'OFF'\",")
            .replace("sum_1d > 4.0", "sum_1d > 4")
            .replace("decisions.csv", "decisions.avro"));
    Files.write(
        folder.resolve("sales.jsonl"),
        List.of(
            sale(1, ", \"kind\": \"OFF\""),
            sale(2, ", \"kind\": \"OFF\", \"amount\": -1"),
            sale(3, "")));
    int code = millrace("run", folder.resolve("sales.yaml").toString(), "--runner=direct");
    assertThat(code).as(errors.toString()).isZero();
    assertThat(records("decisions.avro"))
        .extracting(decision -> decision.get("event_id") + " " + decision.get("sum_1d"))
        .contains("3 1")
        .hasSize(2);
    assertThat(records("decisions.avro").get(0).get("pipeline")).hasToString("sales");
  }

  @Test
  void files_by_window_are_all_there_when_a_run_over_files_has_ended() throws IOException {
    Files.writeString(
        folder.resolve("sales.yaml"),
        SPEC.replace("path: decisions.csv", "path: out, window: 2s, format: json")
            .replace("path: dead.avro", "path: dead, window: 1h"));
    Files.write(folder.resolve("sales.jsonl"), List.of(sale(1, ""), sale(2, ""), sale(3, ""), "{"));
    int code = millrace("run", folder.resolve("sales.yaml").toString(), "--runner=direct");
    assertThat(code).as(errors.toString()).isZero();
    Path day = folder.resolve("out/date=2018-04-01");
    try (Stream<Path> files = Files.list(day)) {
      assertThat(files.map(file -> file.getFileName().toString().substring(0, 41)).sorted())
          .containsExactly(
              "20180401T120000Z-20180401T120002Z-0-of-1-",
              "20180401T120002Z-20180401T120004Z-0-of-1-");
    }
    try (Stream<Path> files = Files.list(day)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file).lines())
            .allSatisfy(line -> assertThat(line).contains("\"decision\":\"SMALL\""))
            .hasSize(file.toString().contains("T120000Z-2") ? 1 : 2);
      }
    }
    try (Stream<Path> files = Files.walk(folder.resolve("dead"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".avro"))).hasSize(1);
    }
  }

  private List<String> decisions() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().contains("decisions")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  @Test
  void event_that_breaks_a_rule_is_kept_in_the_avro_of_the_contract() throws IOException {
    Files.writeString(
        folder.resolve("sales.jsonl"), sale(7, ", \"tags\": [\"t\"]").replace("Bern", "Ulm"));
    assertThat(millrace("run", folder.resolve("sales.yaml").toString(), "--runner=direct"))
        .isZero();
    ByteBuffer payload = (ByteBuffer) letters().get(0).get("payload");
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    Schema schema = Contract.read(folder.resolve("sale.json"), "id", "at").schema();
    GenericRecord event =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    assertThat(event)
        .hasToString(
            "{\"id\": 7, \"at\": 1522584007000, \"amount\": 1.0, \"kind\": \"ON\","
                + " \"shop\": {\"city\": \"Ulm\"}, \"tags\": [\"t\"]}");
  }

  private List<String> deadLetters() throws IOException {
    return letters().stream().map(each -> each.get("reason") + " " + each.get("message")).toList();
  }

  private List<GenericRecord> letters() throws IOException {
    return records("dead.avro");
  }

  private List<GenericRecord> records(String name) throws IOException {
    List<GenericRecord> records = new ArrayList<>();
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(folder.resolve(name).toFile(), new GenericDatumReader<>())) {
      file.forEach(records::add);
    }
    return records;
  }
}
