package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.AvroSchemas;
import dev.millrace.transforms.event.EventLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The Avro schema of a decision: where it came from and what made it, then every column of the
 * event. {@code event_id} is what a consumer drops repeats by.
 */
public final class DecisionSchema {

  private DecisionSchema() {}

  /** The schema of the decisions of {@code pipeline} over events of {@code layout}. */
  public static Schema of(String pipeline, EventLayout layout) {
    List<Schema.Field> fields = new ArrayList<>(head());
    fields.addAll(columns(layout));
    return Schema.createRecord(
        "Decision",
        "What " + pipeline + " decided about one event.",
        "dev.millrace",
        false,
        fields);
  }

  private static List<Schema.Field> head() {
    Schema text = Schema.create(Schema.Type.STRING);
    Schema timestamp = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    return List.of(
        new Schema.Field(
            "event_id", text, "Unique to the event: a repeat is the same decision again."),
        new Schema.Field("event_time", timestamp),
        new Schema.Field("origin_transport", text),
        new Schema.Field(
            "origin_source", text, "The topic, the subscription, the stream, or the file."),
        new Schema.Field("origin_partition", Schema.create(Schema.Type.INT)),
        new Schema.Field(
            "origin_position", Schema.create(Schema.Type.LONG), "The offset, or the line."),
        new Schema.Field(
            "origin_message",
            text,
            "What the transport calls the record, where it has a name.",
            ""),
        new Schema.Field("pipeline", text),
        new Schema.Field(
            "feature_version", text, "Changes when the definition of a feature does."));
  }

  static List<Schema.Field> columns(EventLayout layout) {
    return AvroSchemas.fields("Decision", layout.schema());
  }
}
