package dev.millrace.benchmark.decode;

import static dev.millrace.benchmark.decode.Format.AVRO;
import static dev.millrace.benchmark.decode.Format.AVRO_OLDER_WRITER;
import static dev.millrace.benchmark.decode.Format.JSON;
import static dev.millrace.benchmark.decode.Format.PROTOBUF;

import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordDecoder;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.ingest.RawRecord;
import java.util.List;
import java.util.function.Function;

/**
 * One way to read the payloads of one format.
 *
 * @param name what it makes of a payload is its last word: an event, a {@code Row}, a record, a
 *     tree, a message
 */
record Contestant(Format format, String name, Function<Dataset, Decoding> opening) {

  /** Reads one payload. For one thread. */
  interface Decoding {
    Object decode(RawRecord record) throws Exception;
  }

  /** What all others are compared with: how Beam reads Avro into rows. */
  static final String BASELINE = "avro-utils-row";

  private static final List<Contestant> ALL =
      List.of(
          new Contestant(AVRO, "millrace-event", data -> event(avro(data))),
          new Contestant(AVRO, "millrace-row", data -> row(avro(data))),
          new Contestant(AVRO, BASELINE, PeerDecodings::avroUtils),
          new Contestant(AVRO, "avro-coder-row", PeerDecodings::avroCoder),
          new Contestant(AVRO, "generic-record", PeerDecodings::genericRecord),
          new Contestant(AVRO_OLDER_WRITER, "millrace-event", data -> event(olderAvro(data))),
          new Contestant(AVRO_OLDER_WRITER, "millrace-row", data -> row(olderAvro(data))),
          new Contestant(AVRO_OLDER_WRITER, BASELINE, PeerDecodings::olderAvroUtils),
          new Contestant(AVRO_OLDER_WRITER, "generic-record", PeerDecodings::olderGenericRecord),
          new Contestant(JSON, "millrace-event", data -> event(JsonFormat.of(data.contract()))),
          new Contestant(JSON, "millrace-row", data -> row(JsonFormat.of(data.contract()))),
          new Contestant(JSON, "jackson-tree", PeerDecodings::jacksonTree),
          new Contestant(PROTOBUF, "millrace-event", data -> event(protobuf(data))),
          new Contestant(PROTOBUF, "millrace-row", data -> row(protobuf(data))),
          new Contestant(PROTOBUF, "dynamic-message", PeerDecodings::dynamicMessage));

  static List<Contestant> all() {
    return ALL;
  }

  /** The contestant of this {@link #id}. */
  static Contestant of(String id) {
    return all().stream()
        .filter(contestant -> contestant.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("found no contestant " + id));
  }

  String id() {
    return format.label() + "/" + name;
  }

  Decoding open(Dataset data) {
    return opening.apply(data);
  }

  private static RecordFormat avro(Dataset data) {
    return AvroFormat.of(data.contract());
  }

  private static RecordFormat olderAvro(Dataset data) {
    return AvroFormat.of(data.contract()).framedBy(new OlderWriter(data.olderWriter().toString()));
  }

  private static RecordFormat protobuf(Dataset data) {
    return ProtobufFormat.of(ProtobufPayloads.contract(data.contract()));
  }

  private static Decoding event(RecordFormat format) {
    return format.open()::decode;
  }

  private static Decoding row(RecordFormat format) {
    RecordDecoder decoder = format.open();
    return record -> decoder.decode(record).toRow();
  }
}
