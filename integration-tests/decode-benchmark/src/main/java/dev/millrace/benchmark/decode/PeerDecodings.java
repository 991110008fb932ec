package dev.millrace.benchmark.decode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import dev.millrace.benchmark.decode.Contestant.Decoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.schemas.utils.AvroUtils;

/**
 * The ways that others have. Each keeps what can be kept from one payload to the next: the reader,
 * its decoder, the Beam schema. Records are made anew, since the next stage may hold on to them.
 */
final class PeerDecodings {

  private PeerDecodings() {}

  static Decoding genericRecord(Dataset data) {
    Schema schema = data.contract().schema();
    GenericReading reading = new GenericReading(schema, schema, 0);
    return record -> reading.read(record.payload());
  }

  static Decoding olderGenericRecord(Dataset data) {
    GenericReading reading = older(data);
    return record -> reading.read(record.payload());
  }

  static Decoding avroUtils(Dataset data) {
    Schema schema = data.contract().schema();
    return rows(new GenericReading(schema, schema, 0), schema);
  }

  static Decoding olderAvroUtils(Dataset data) {
    return rows(older(data), data.contract().schema());
  }

  static Decoding avroCoder(Dataset data) {
    Schema schema = data.contract().schema();
    AvroCoder<GenericRecord> coder = AvroCoder.of(schema);
    var rowSchema = AvroUtils.toBeamSchema(schema);
    return record -> {
      GenericRecord read = coder.decode(new ByteArrayInputStream(record.payload()));
      return AvroUtils.toBeamRowStrict(read, rowSchema);
    };
  }

  static Decoding jacksonTree(Dataset data) {
    ObjectMapper json = new ObjectMapper();
    return record -> json.readTree(record.payload());
  }

  static Decoding dynamicMessage(Dataset data) {
    Descriptor message = ProtobufPayloads.descriptor(data.contract().schema());
    return record -> DynamicMessage.parseFrom(message, record.payload());
  }

  private static GenericReading older(Dataset data) {
    return new GenericReading(data.olderWriter(), data.contract().schema(), Format.FRAME);
  }

  private static Decoding rows(GenericReading reading, Schema schema) {
    var rowSchema = AvroUtils.toBeamSchema(schema);
    return record -> AvroUtils.toBeamRowStrict(reading.read(record.payload()), rowSchema);
  }

  /** Avro's reader, with a decoder that is used again. */
  private static final class GenericReading {

    private final GenericDatumReader<GenericRecord> reader;
    private final int start;
    private BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(new byte[0], null);

    GenericReading(Schema writer, Schema reader, int start) {
      this.reader = new GenericDatumReader<>(writer, reader);
      this.start = start;
    }

    @SuppressWarnings("NullAway") // null asks for a new record
    GenericRecord read(byte[] payload) throws IOException {
      decoder = DecoderFactory.get().binaryDecoder(payload, start, payload.length - start, decoder);
      return reader.read(null, decoder);
    }
  }
}
