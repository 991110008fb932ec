package dev.millrace.benchmark.decode;

import dev.millrace.transforms.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/**
 * Taxi trips in Chicago, as the city published them: 18 nullable fields, many of them null. Two are
 * put in front, since an event has an id and a time: {@code trip_id}, the trip's number in the
 * file, and {@code started_at}, its start in milliseconds. The record is named anew too: the file's
 * name for it has spaces, which Avro forbids.
 */
final class TaxiTrips {

  private static final String ID = "trip_id";
  private static final String TIME = "started_at";
  private static final Schema MILLIS =
      LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));

  private TaxiTrips() {}

  private static Path file() {
    Path root = Path.of(System.getProperty("millrace.root", "."));
    String folder = System.getProperty("millrace.data", root.resolve("../shared/data").toString());
    return Path.of(folder, "taxi", "chicago-taxi.avro").toAbsolutePath().normalize();
  }

  static String absent() {
    return Files.exists(file()) ? "" : file() + " is absent (-Dmillrace.data=FOLDER)";
  }

  static Dataset load() throws IOException {
    List<GenericRecord> records = new ArrayList<>();
    Schema schema;
    try (DataFileReader<GenericRecord> trips =
        new DataFileReader<>(file().toFile(), new GenericDatumReader<>())) {
      schema = contract(trips.getSchema());
      while (trips.hasNext() && records.size() < Dataset.RECORDS) {
        records.add(trip(schema, trips.next(), records.size()));
      }
    }
    return new Dataset(Contract.of(schema, ID, TIME), olderWriter(schema), records);
  }

  private static Schema contract(Schema file) {
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field(ID, Schema.create(Schema.Type.LONG)));
    fields.add(new Schema.Field(TIME, MILLIS));
    for (Schema.Field field : file.getFields()) {
      // A later version of the contract has it, so it must have a default.
      Object zero = field.name().equals("tips") ? 0f : null;
      fields.add(new Schema.Field(field.name(), field.schema(), null, zero));
    }
    return Schema.createRecord("TaxiTrip", null, "dev.millrace.benchmark", false, fields);
  }

  private static Schema olderWriter(Schema contract) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : contract.getFields()) {
      Schema type =
          switch (field.name()) {
            case ID -> Schema.create(Schema.Type.INT);
            case "trip_seconds" -> SchemaBuilder.unionOf().intType().and().nullType().endUnion();
            default -> field.schema();
          };
      if (!field.name().equals("tips")) {
        fields.add(new Schema.Field(field.name(), type));
      }
    }
    fields.add(5, new Schema.Field("vehicle", Schema.create(Schema.Type.STRING), null, "sedan"));
    return Schema.createRecord("TaxiTrip", null, "dev.millrace.benchmark", false, fields);
  }

  private static GenericRecord trip(Schema schema, GenericRecord published, long number) {
    GenericRecord trip = new GenericData.Record(schema);
    trip.put(ID, number);
    trip.put(TIME, 1_000L * (int) published.get("trip_start_timestamp"));
    for (Schema.Field field : published.getSchema().getFields()) {
      trip.put(field.name(), published.get(field.pos()));
    }
    return trip;
  }
}
