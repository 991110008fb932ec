package dev.millrace.benchmark.decode;

import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** How a dataset's records are written. */
enum Format {
  /** Avro binary by the contract's own schema, without a frame. */
  AVRO("avro"),
  /** Avro binary by the older writer's schema, in Confluent's frame. */
  AVRO_OLDER_WRITER("avro-older-writer"),
  /** One JSON object, times as ISO-8601. */
  JSON("json"),
  /** A Protobuf message of the same fields, numbered in their order. */
  PROTOBUF("protobuf");

  /** Where the record begins behind Confluent's frame: a zero byte and the schema's id. */
  static final int FRAME = 5;

  private final String label;

  Format(String label) {
    this.label = label;
  }

  /** Its name in the table and in the JSON. */
  String label() {
    return label;
  }

  /** A dataset's payloads, as a transport would hand them on. */
  List<RawRecord> payloads(Dataset data) {
    Encoding one = encoding(data);
    List<RawRecord> payloads = new ArrayList<>();
    for (GenericRecord record : data.records()) {
      Origin origin = new Origin("kafka", "bench", 0, payloads.size());
      payloads.add(
          new RawRecord(origin, RawRecord.NO_TIMESTAMP, /* key= */ null, one.encode(record)));
    }
    return payloads;
  }

  private Encoding encoding(Dataset data) {
    return switch (this) {
      case AVRO -> AvroPayloads.by(data.contract().schema());
      case AVRO_OLDER_WRITER -> AvroPayloads.framedBy(data.olderWriter());
      case JSON -> new JsonPayloads();
      case PROTOBUF -> new ProtobufPayloads(data.contract().schema());
    };
  }

  /** Writes one record. */
  interface Encoding {
    byte[] encode(GenericRecord record);
  }
}
