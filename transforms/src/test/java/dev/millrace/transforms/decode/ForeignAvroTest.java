package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.registry.SchemaFolder;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro that others wrote. */
class ForeignAvroTest {

  private static Path data(String path) {
    Path file = Path.of(System.getProperty("millrace.data", "none"), path);
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    return file;
  }

  /** The vector has no time, so the contract gives it one. */
  private static Contract ofVector(Schema written) {
    return Contract.of(
        new Schema.Parser()
            .parse(
                written
                    .toString()
                    .replace(
                        "\"fields\":[",
                        "\"fields\":[{\"name\": \"at\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}, \"default\": 0},")),
        "id",
        "at");
  }

  @Test
  void avros_own_single_object_is_read_by_its_fingerprint(@TempDir Path folder) throws Exception {
    Path schema = data("avro/messageV1/test_schema.avsc");
    Contract contract = ofVector(new Schema.Parser().parse(schema.toFile()));
    Files.copy(schema, folder.resolve("1.avsc"));
    byte[] message = Files.readAllBytes(data("avro/messageV1/test_message.bin"));
    Event event =
        AvroFormat.of(contract)
            .framedBy(Framing.SINGLE_OBJECT, SchemaFolder.at(folder))
            .open()
            .decode(raw(message));
    assertThat(event.id()).isEqualTo("42");
    assertThat(event.toRow().getString("name")).isEqualTo("Bill");
    assertThat(event.toRow().<String>getArray("tags")).containsExactly("dog_lover", "cat_hater");
  }

  @Test
  void illegal_name_of_a_contract_is_named_with_what_to_do() throws Exception {
    String taxi = taxiSchema();
    assertThatThrownBy(() -> Contract.of(SchemaText.of(SchemaText.AVRO, taxi), "company", "fare"))
        .hasMessageContaining("found the name 'Chicago Taxi dataset'")
        .hasMessageContaining("give the record another name in the contract");
  }

  @Test
  void file_of_an_illegal_name_is_read_by_a_contract_of_a_legal_one() throws Exception {
    Contract contract =
        Contract.of(
            new Schema.Parser()
                .parse(
                    taxiSchema()
                        .replace("Chicago Taxi dataset", "Trip")
                        .replace(
                            "\"fields\":[",
                            "\"fields\":[{\"name\": \"id\", \"type\": \"string\", \"default\": \"trip\"},{\"name\": \"at\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}, \"default\": 0},")),
            "id",
            "at");
    Schema written = writtenBy();
    AvroReaders readers = new AvroReaders(contract);
    EventDraft draft = new EventDraft(contract, Limits.DEFAULT);
    PayloadReader reader = readers.of(SchemaText.of(SchemaText.AVRO, written.toString()), draft);
    int trips = 0;
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(data("taxi/chicago-taxi.avro").toFile(), new GenericDatumReader<>())) {
      for (GenericRecord trip : file) {
        draft.start();
        reader.read(Transactions.avro(trip), 0, draft);
        Event event = draft.finish(Transactions.ORIGIN);
        for (Schema.Field field : written.getFields()) {
          Object value = trip.get(field.pos());
          assertThat(event.toRow().<Object>getValue(field.name()))
              .isEqualTo(value instanceof CharSequence ? value.toString() : value);
        }
        trips++;
      }
    }
    assertThat(trips).isPositive();
  }

  private static Schema writtenBy() throws IOException {
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(data("taxi/chicago-taxi.avro").toFile(), new GenericDatumReader<>())) {
      return file.getSchema();
    }
  }

  private static String taxiSchema() throws IOException {
    return writtenBy().toString();
  }
}
