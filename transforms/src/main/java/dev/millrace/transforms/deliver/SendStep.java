package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.Acknowledgement;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.transport.OutgoingRecord;
import dev.millrace.transforms.transport.RecordSender;
import java.io.IOException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sends each decision, at least once, and gives out no event. */
final class SendStep implements EventStep {

  private final DecisionRecords decisions;
  private transient @Nullable RecordSender opened;

  SendStep(DecisionRecords decisions) {
    this.decisions = decisions;
  }

  @Override
  public void setUp() {
    opened = decisions.destination().sender();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    OutgoingRecord record;
    try {
      record = decisions.of(event);
    } catch (RejectedEvent e) {
      out.deadLetter(e.deadLetter(), timestamp, window);
      return;
    }
    sender().send(record);
  }

  @Override
  public void finish(Outlet out) throws IOException {
    sender().check();
  }

  @Override
  public Acknowledgement acknowledgement() {
    return sender()::flush;
  }

  @Override
  public void tearDown() {
    if (opened != null) {
      opened.close();
    }
  }

  private RecordSender sender() {
    RecordSender sender = opened;
    if (sender == null) {
      throw new IllegalStateException("not set up");
    }
    return sender;
  }
}
