package dev.millrace.transforms.deliver;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.transport.KafkaTopic;
import dev.millrace.transforms.transport.RecordSender;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Sends each decision, at least once; emits the dead letters of those that cannot be. */
final class SendDecisions extends DoFn<Event, DeadLetter> {

  private final KafkaTopic topic;
  private final EventStep first;
  private final DecisionEncoder encoder;
  private transient RecordSender sender;

  @SuppressWarnings("NullAway.Init") // the sender is made on the worker
  SendDecisions(KafkaTopic topic, EventStep first, DecisionEncoder encoder) {
    this.topic = topic;
    this.first = first;
    this.encoder = encoder;
  }

  @Setup
  public void open() {
    sender = topic.sender();
  }

  @StartBundle
  public void start() {
    sender.start();
  }

  @ProcessElement
  public void send(@Element Event event, OutputReceiver<DeadLetter> out) throws IOException {
    KV<byte[], byte[]> record;
    try {
      record = encoder.encode(first.apply(event));
    } catch (RejectedEvent e) {
      out.output(e.deadLetter());
      return;
    }
    sender.send(record.getKey(), record.getValue());
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
