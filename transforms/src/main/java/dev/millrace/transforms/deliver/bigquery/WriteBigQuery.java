package dev.millrace.transforms.deliver.bigquery;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/**
 * Appends each event to a BigQuery table as one row, and emits the dead letters of those that the
 * table refuses, that it cannot hold, or that are too large. The columns are those of a decision
 * ({@link dev.millrace.transforms.deliver.DecisionSchema}):
 *
 * <pre>
 * boolean                        BOOL
 * int, long                      INT64
 * float, double                  FLOAT64
 * string, enum, uuid             STRING
 * bytes                          BYTES
 * timestamp in millis or micros  TIMESTAMP
 * date                           DATE
 * decimal                        NUMERIC(p, s), or BIGNUMERIC(p, s) of more than 9 digits behind the
 *                                point or 29 before it
 * array                          REPEATED; null is no items
 * map                            REPEATED STRUCT of key and value
 * record                         STRUCT
 * </pre>
 *
 * Written at least once, to the default stream of the Storage Write API: a row can be queried when
 * its bundle is done. After a failure it may be appended again, with the same {@code event_id}.
 * When the service is away, a bundle waits for it for minutes, and is then tried again.
 *
 * <p>The table is looked at while the pipeline is assembled: one that is not there, that has other
 * columns or may not be written to is an {@link IllegalArgumentException} then.
 *
 * <pre>{@code
 * PCollection<DeadLetter> undeliverable =
 *     decisions.apply(
 *         "Deliver",
 *         WriteBigQuery.to(BigQueryTable.named("bank.fraud.decisions")).of("card-fraud", version));
 * }</pre>
 */
@AutoValue
public abstract class WriteBigQuery
    extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {

  /** What a request of one row may have, less what stands around the row. */
  public static final int LARGEST_ROW = 9_500_000;

  /** As of every sink, so that one that is changed for another takes the same decisions. */
  public static final int DEFAULT_MAX_BYTES = 1_000_000;

  abstract BigQueryTable table();

  abstract String pipeline();

  abstract String featureVersion();

  abstract int maxBytes();

  abstract boolean create();

  abstract List<String> clusterBy();

  abstract boolean validated();

  abstract BigQueryServices services();

  abstract Builder toBuilder();

  /** To a table that is there. */
  public static WriteBigQuery to(BigQueryTable table) {
    return new AutoValue_WriteBigQuery.Builder()
        .setTable(table)
        .setPipeline("")
        .setFeatureVersion("")
        .setMaxBytes(DEFAULT_MAX_BYTES)
        .setCreate(false)
        .setClusterBy(List.of())
        .setValidated(true)
        .setServices(new BigQueryServicesImpl())
        .build();
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public WriteBigQuery of(String pipeline, String featureVersion) {
    return toBuilder().setPipeline(pipeline).setFeatureVersion(featureVersion).build();
  }

  /** The largest row, in bytes: 1,000,000 by default, at most {@link #LARGEST_ROW}. */
  public WriteBigQuery withMaxBytes(int bytes) {
    if (bytes < 1 || bytes > LARGEST_ROW) {
      throw new IllegalArgumentException(
          "found rows of at most %,d bytes, expected 1 to %,d".formatted(bytes, LARGEST_ROW));
    }
    return toBuilder().setMaxBytes(bytes).build();
  }

  /**
   * Makes the table at launch where there is none, partitioned by the day of the event.
   *
   * @param clusterBy columns that the rows of a day are kept in order of; none, or up to four
   */
  public WriteBigQuery creatingTable(List<String> clusterBy) {
    return toBuilder().setCreate(true).setClusterBy(List.copyOf(clusterBy)).build();
  }

  /** Does not look at the table, as where the one who launches may not. */
  public WriteBigQuery withoutValidation() {
    return toBuilder().setValidated(false).build();
  }

  /** By other services than Google's, as Beam's fakes are. */
  WriteBigQuery by(BigQueryServices services) {
    return toBuilder().setServices(services).build();
  }

  /**
   * Looks at what can be known without BigQuery: whether it can hold decisions of {@code layout},
   * and cluster a table by these columns.
   *
   * @throws IllegalArgumentException naming what it cannot
   */
  public static void check(EventLayout layout, List<String> clusterBy) {
    DecisionColumns.check(layout, clusterBy);
  }

  @Override
  public PCollection<DeadLetter> expand(PCollection<Event> events) {
    BigQueryAccess access = BigQueryAccess.of(events.getPipeline().getOptions(), services());
    BigQueryTable whole = access.resolve(table());
    EventLayout layout = EventCoder.layoutOf(events);
    check(layout, clusterBy());
    if (validated()) {
      new TableCheck(whole, access, create(), clusterBy()).check(DecisionColumns.of(layout));
    }
    return events.apply("To BigQuery", new Appending(this, whole, access)).deadLetters();
  }

  private static final class Appending extends EventStage {
    private final WriteBigQuery write;
    private final BigQueryTable table;
    private final BigQueryAccess access;

    Appending(WriteBigQuery write, BigQueryTable table, BigQueryAccess access) {
      this.write = write;
      this.table = table;
      this.access = access;
    }

    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      return new AppendStep(
          table, access, write.pipeline(), write.featureVersion(), input, write.maxBytes());
    }
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setTable(BigQueryTable value);

    abstract Builder setPipeline(String value);

    abstract Builder setFeatureVersion(String value);

    abstract Builder setMaxBytes(int value);

    abstract Builder setCreate(boolean value);

    abstract Builder setClusterBy(List<String> value);

    abstract Builder setValidated(boolean value);

    abstract Builder setServices(BigQueryServices value);

    abstract WriteBigQuery build();
  }
}
