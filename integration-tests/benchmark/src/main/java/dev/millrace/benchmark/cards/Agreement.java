package dev.millrace.benchmark.cards;

import dev.millrace.transforms.event.AvroFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/** Faster is only worth something when the decisions are the same. */
final class Agreement {

  /** Sums of floats are not the same in every order. */
  private static final double TOLERANCE = 1e-5;

  private static final String NOT_COMPARED = "model_micros";

  private Agreement() {}

  /** The decisions of a topic by id, as Avro's own reader reads them. */
  static Map<String, GenericRecord> read(Topics topics, String output) {
    Schema schema = Stand.decision();
    byte[] frame = AvroFrame.singleObject(schema);
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema);
    Map<String, GenericRecord> byId = new HashMap<>();
    topics.read(
        output,
        (key, value) -> {
          if (!Arrays.equals(frame, 0, frame.length, value, 0, frame.length)) {
            throw new IllegalStateException(
                output + ": found a decision of another schema, expected that of decision.avsc");
          }
          GenericRecord decision = decode(reader, value, frame.length);
          if (byId.put(decision.get("event_id").toString(), decision) != null) {
            throw new IllegalStateException(
                "%s: found two decisions of %s, expected one"
                    .formatted(output, decision.get("event_id")));
          }
        });
    return byId;
  }

  /**
   * Looks whether two decided the same events, each from the same features, in the same way.
   *
   * @throws IllegalStateException naming the first event of which they did not
   */
  static void check(
      String one,
      Map<String, GenericRecord> ones,
      String other,
      Map<String, GenericRecord> others) {
    if (!ones.keySet().equals(others.keySet())) {
      throw new IllegalStateException(
          "found %d decisions of %s and %d of %s, expected the same events"
              .formatted(ones.size(), one, others.size(), other));
    }
    List<Schema.Field> fields = Stand.decision().getFields();
    ones.forEach(
        (id, decision) -> {
          for (Schema.Field field : fields) {
            Object found = others.getOrDefault(id, decision).get(field.pos());
            Object expected = decision.get(field.pos());
            if (!field.name().equals(NOT_COMPARED) && !same(found, expected)) {
              throw new IllegalStateException(
                  "%s of %s: found %s by %s, expected %s as by %s"
                      .formatted(field.name(), id, found, other, expected, one));
            }
          }
        });
  }

  private static boolean same(Object found, Object expected) {
    return (found instanceof Double number && expected instanceof Double other)
        ? Math.abs(number - other) <= TOLERANCE * Math.max(1, Math.abs(other))
        : found.equals(expected);
  }

  private static GenericRecord decode(
      GenericDatumReader<GenericRecord> reader, byte[] value, int from) {
    try {
      return reader.read(
          null, DecoderFactory.get().binaryDecoder(value, from, value.length - from, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
