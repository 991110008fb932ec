package dev.millrace.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.AvroEventWriter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.transport.RecordSize;
import java.io.IOException;
import java.io.Serializable;
import org.apache.avro.io.BinaryEncoder;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Makes a decision's record: its id as key, {@link DecisionSchema} as value. Not thread-safe. */
final class DecisionEncoder implements Serializable {

  private final byte[] pipeline;
  private final byte[] featureVersion;
  private final EventLayout layout;
  private final byte[] frame;
  private final int maxBytes;
  private transient @Nullable AvroEventWriter writer;
  private transient String source = "";
  private transient byte[] sourceBytes = {};

  DecisionEncoder(Deliver deliver, EventLayout layout, byte[] frame) {
    this.pipeline = deliver.pipeline().getBytes(UTF_8);
    this.featureVersion = deliver.featureVersion().getBytes(UTF_8);
    this.layout = layout;
    this.frame = frame;
    this.maxBytes = deliver.maxBytes();
  }

  /**
   * The record of {@code event}.
   *
   * @throws RejectedEvent when it is larger than the destination takes
   */
  KV<byte[], byte[]> encode(Event event) throws RejectedEvent {
    byte[] key = event.idUtf8();
    byte[] value = writer().write(frame, event);
    long size = RecordSize.of(key, value);
    if (size > maxBytes) {
      String message =
          "found a decision of %,d bytes, its key and Kafka's own included, expected at most %,d"
              .formatted(size, maxBytes);
      throw new RejectedEvent(
          DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, null));
    }
    return KV.of(key, value);
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
