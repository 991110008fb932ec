package dev.millrace.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.event.AvroEventWriter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import java.io.IOException;
import java.io.Serializable;
import org.apache.avro.io.BinaryEncoder;
import org.jspecify.annotations.Nullable;

/** Encodes a decision by its {@link DecisionSchema}. Not thread-safe. */
final class DecisionEncoder implements Serializable {

  private final byte[] pipeline;
  private final byte[] featureVersion;
  private final EventLayout layout;
  private final byte[] frame;
  private transient @Nullable AvroEventWriter writer;
  private transient String source = "";
  private transient byte[] sourceBytes = {};

  DecisionEncoder(String pipeline, String featureVersion, EventLayout layout, byte[] frame) {
    this.pipeline = pipeline.getBytes(UTF_8);
    this.featureVersion = featureVersion.getBytes(UTF_8);
    this.layout = layout;
    this.frame = frame;
  }

  /** The value of the record of {@code event}, behind the frame. */
  byte[] encode(Event event) {
    return writer().write(frame, event);
  }

  private AvroEventWriter writer() {
    AvroEventWriter known = writer;
    if (known == null) {
      known = new AvroEventWriter(DecisionSchema.columns(layout), layout, this::writeHead);
      writer = known;
    }
    return known;
  }

  private void writeHead(Event event, BinaryEncoder encoder) throws IOException {
    encoder.writeBytes(event.idUtf8());
    encoder.writeLong(event.time());
    encoder.writeString(event.origin().transport());
    encoder.writeBytes(source(event.origin().source()));
    encoder.writeInt(event.origin().partition());
    encoder.writeLong(event.origin().position());
    encoder.writeString(event.origin().message());
    encoder.writeBytes(pipeline);
    encoder.writeBytes(featureVersion);
  }

  /** Nearly always that of the event before. */
  private byte[] source(String name) {
    if (!name.equals(source)) {
      source = name;
      sourceBytes = name.getBytes(UTF_8);
    }
    return sourceBytes;
  }
}
