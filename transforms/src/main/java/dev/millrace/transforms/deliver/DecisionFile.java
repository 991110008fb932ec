package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes one Avro file of {@link DecisionSchema}: a record per event of a bounded input, in no
 * order. It is there when the run has ended, also when there are none.
 */
public final class DecisionFile extends PTransform<PCollection<Event>, PDone> {

  private final String path;
  private final String pipeline;
  private final String featureVersion;

  private DecisionFile(String path, String pipeline, String featureVersion) {
    this.path = path;
    this.pipeline = pipeline;
    this.featureVersion = featureVersion;
  }

  /** To {@code path}, overwriting it. */
  public static DecisionFile to(String path) {
    return new DecisionFile(path, "", "");
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public DecisionFile of(String pipeline, String featureVersion) {
    return new DecisionFile(path, pipeline, featureVersion);
  }

  @Override
  public PDone expand(PCollection<Event> events) {
    EventLayout layout = EventCoder.layoutOf(events);
    Schema schema = DecisionSchema.of(pipeline, layout);
    DecisionEncoder encoder = new DecisionEncoder(pipeline, featureVersion, layout, new byte[0]);
    return events
        .apply("To records", ParDo.of(new ToRecord(encoder, schema.toString())))
        .setCoder(AvroCoder.of(schema))
        .apply("To file", AvroIO.writeGenericRecords(schema).to(path).withoutSharding());
  }

  /** By way of the bytes that a topic would have, so that the two cannot differ. */
  static final class ToRecord extends DoFn<Event, GenericRecord> {

    private final DecisionEncoder encoder;
    private final String schema;
    private transient GenericDatumReader<GenericRecord> reader;

    @SuppressWarnings("NullAway.Init") // the reader is made on the worker
    ToRecord(DecisionEncoder encoder, String schema) {
      this.encoder = encoder;
      this.schema = schema;
    }

    @Setup
    public void parse() {
      reader = new GenericDatumReader<>(new Schema.Parser().parse(schema));
    }

    @ProcessElement
    public void process(@Element Event event, OutputReceiver<GenericRecord> out)
        throws IOException {
      out.output(
          reader.read(null, DecoderFactory.get().binaryDecoder(encoder.encode(event), null)));
    }
  }
}
