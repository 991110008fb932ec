package dev.millrace.transforms.transport;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Sends each element; the end of the bundle waits for the destination to have them all. */
final class SendFn extends DoFn<KV<byte[], byte[]>, Void> {

  private final Destination destination;
  private transient RecordSender sender;

  @SuppressWarnings("NullAway.Init") // the sender is made on the worker
  SendFn(Destination destination) {
    this.destination = destination;
  }

  @Setup
  public void open() {
    sender = destination.sender();
  }

  @ProcessElement
  public void send(@Element KV<byte[], byte[]> record) throws IOException {
    sender.send(OutgoingRecord.of(record.getKey(), record.getValue()));
  }

  @FinishBundle
  public void flush() throws IOException {
    sender.flush();
  }

  @Teardown
  public void close() {
    if (sender != null) {
      sender.close();
    }
  }
}
