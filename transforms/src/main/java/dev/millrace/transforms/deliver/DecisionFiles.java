package dev.millrace.transforms.deliver;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.transport.files.WindowedFiles;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Writes events to files by the window of their event time, one record of {@link DecisionSchema}
 * each, at least once, as {@link WindowedFiles} says.
 *
 * <pre>{@code
 * decisions.apply(
 *     "Deliver",
 *     DecisionFiles.to(WindowedFiles.in("gs://bank/decisions")).of("card-fraud", version));
 * }</pre>
 */
public final class DecisionFiles extends PTransform<PCollection<Event>, PDone> {

  private final WindowedFiles files;
  private final String pipeline;
  private final String featureVersion;

  private DecisionFiles(WindowedFiles files, String pipeline, String featureVersion) {
    this.files = files;
    this.pipeline = pipeline;
    this.featureVersion = featureVersion;
  }

  /** To {@code files}, whatever they were of. */
  public static DecisionFiles to(WindowedFiles files) {
    return new DecisionFiles(files, "", "");
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public DecisionFiles of(String pipeline, String featureVersion) {
    return new DecisionFiles(files, pipeline, featureVersion);
  }

  @Override
  public PDone expand(PCollection<Event> events) {
    EventLayout layout = EventCoder.layoutOf(events);
    DecisionEncoder encoder = new DecisionEncoder(pipeline, featureVersion, layout, new byte[0]);
    return events
        .apply("Encode", ParDo.of(new EncodeFn(encoder)))
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("To files", files.of(DecisionSchema.of(pipeline, layout)).write());
  }

  /** Emits each decision at its event time, which is rarely the time of its record. */
  static final class EncodeFn extends DoFn<Event, KV<byte[], byte[]>> {

    private final DecisionEncoder encoder;

    EncodeFn(DecisionEncoder encoder) {
      this.encoder = encoder;
    }

    @ProcessElement
    public void encode(@Element Event event, OutputReceiver<KV<byte[], byte[]>> out) {
      out.outputWithTimestamp(
          KV.of(event.idUtf8(), encoder.encode(event)), Instant.ofEpochMilli(event.time()));
    }

    /** An event may be older than its record; files have no time at which they drop it. */
    @Override
    @SuppressWarnings("deprecation") // there is no other way to say so
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }
  }
}
