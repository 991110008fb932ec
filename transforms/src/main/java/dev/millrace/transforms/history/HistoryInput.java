package dev.millrace.transforms.history;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.history.Feature.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/** Events and labels on one way into the keyed step: each has its own layout. */
public record HistoryInput(Source source, Event record) {

  /** Either kind behind a byte that says which it is. */
  public static final class Coder extends CustomCoder<HistoryInput> {
    private final EventCoder events;
    private final @Nullable EventCoder labels;

    private Coder(EventCoder events, @Nullable EventCoder labels) {
      this.events = events;
      this.labels = labels;
    }

    public static Coder of(EventLayout events, @Nullable EventLayout labels) {
      return new Coder(EventCoder.of(events), labels == null ? null : EventCoder.of(labels));
    }

    @Override
    public void encode(HistoryInput input, OutputStream out) throws IOException {
      out.write(input.source == Source.EVENTS ? 'E' : 'L');
      coder(input.source).encode(input.record, out);
    }

    @Override
    public HistoryInput decode(InputStream in) throws IOException {
      Source source = in.read() == 'E' ? Source.EVENTS : Source.LABELS;
      return new HistoryInput(source, coder(source).decode(in));
    }

    private EventCoder coder(Source source) {
      return source == Source.EVENTS ? events : Objects.requireNonNull(labels);
    }

    @Override
    public void verifyDeterministic() {}

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Coder that
          && events.equals(that.events)
          && Objects.equals(labels, that.labels);
    }

    @Override
    public int hashCode() {
      return Objects.hash(events, labels);
    }
  }
}
