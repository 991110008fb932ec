package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.AvroJson;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decisions as Avro records in memory, and as JSON: by way of the bytes that a topic would have, so
 * that the forms cannot differ. Not thread-safe.
 */
public final class GenericDecisions implements Serializable {

  private final DecisionEncoder encoder;
  private final String schema;
  private transient @Nullable GenericDatumReader<GenericRecord> reader;

  /** Of the decisions of {@code pipeline} over events of {@code layout}. */
  public GenericDecisions(String pipeline, String featureVersion, EventLayout layout) {
    this.encoder = new DecisionEncoder(pipeline, featureVersion, layout, new byte[0]);
    this.schema = DecisionSchema.of(pipeline, layout).toString();
  }

  /** The decision as a record of {@link DecisionSchema}. */
  GenericRecord record(Event event) {
    GenericDatumReader<GenericRecord> known = reader;
    if (known == null) {
      known = new GenericDatumReader<>(new Schema.Parser().parse(schema));
      reader = known;
    }
    try {
      return known.read(null, DecoderFactory.get().binaryDecoder(encoder.encode(event), null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same as {@link AvroJson}. */
  public byte[] json(Event event) {
    return AvroJson.write(record(event));
  }
}
