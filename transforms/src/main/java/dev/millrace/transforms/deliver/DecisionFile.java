package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptor;

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
    GenericDecisions decisions = new GenericDecisions(pipeline, featureVersion, layout);
    return events
        .apply(
            "To records",
            MapElements.into(TypeDescriptor.of(GenericRecord.class)).via(decisions::record))
        .setCoder(AvroCoder.of(schema))
        .apply("To file", AvroIO.writeGenericRecords(schema).to(path).withoutSharding());
  }
}
