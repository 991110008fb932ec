package dev.millrace.transforms.deliver.bigquery;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.Exceptions.AppendSerializationError;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.protobuf.ByteString;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.WriteStreamService;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.BackOffUtils;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.Sleeper;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the decisions of a bundle to a table's default stream, several requests at a time, and
 * gives out no event: a dead letter for each row that the table refuses. The other rows of its
 * request are appended without it.
 */
final class AppendStep implements EventStep {

  /** A fifth of what a request may have, so that two are under way early. */
  private static final int REQUEST_BYTES = 2_000_000;

  /** What is kept of a long bundle until it is acknowledged is bounded by it. */
  private static final int MOST_UNDER_WAY = 8;

  /** Beside what the client does: it reconnects for five minutes. */
  private static final FluentBackoff PAUSES =
      FluentBackoff.DEFAULT
          .withInitialBackoff(Duration.millis(200))
          .withMaxBackoff(Duration.standardSeconds(10))
          .withMaxCumulativeBackoff(Duration.standardMinutes(1));

  /** A default stream has no places; its rows are where they come to be. */
  private static final long NO_OFFSET = -1;

  private static final Logger LOG = LoggerFactory.getLogger(AppendStep.class);

  /** A row and what is known of it. */
  private record Pending(Event event, ByteString row, Instant timestamp, BoundedWindow window) {}

  /** Rows that were sent together. */
  private record Request(List<Pending> rows, ApiFuture<AppendRowsResponse> answer) {}

  private final BigQueryTable table;
  private final BigQueryAccess access;
  private final String pipeline;
  private final String featureVersion;
  private final EventLayout layout;
  private final int maxBytes;

  private transient RowEncoder encoder;
  private transient WriteStreamService service;
  private transient @Nullable StreamAppendClient client;
  private transient List<Pending> pending;
  private transient long pendingBytes;
  private transient Deque<Request> underWay;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  AppendStep(
      BigQueryTable table,
      BigQueryAccess access,
      String pipeline,
      String featureVersion,
      EventLayout layout,
      int maxBytes) {
    this.table = table;
    this.access = access;
    this.pipeline = pipeline;
    this.featureVersion = featureVersion;
    this.layout = layout;
    this.maxBytes = maxBytes;
  }

  @Override
  public void setUp() {
    encoder = new RowEncoder(pipeline, featureVersion, DecisionColumns.of(layout));
    service = access.streams();
    startBundle();
  }

  @Override
  public void startBundle() {
    pending = new ArrayList<>();
    pendingBytes = 0;
    underWay = new ArrayDeque<>();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    ByteString row;
    try {
      row = encoder.encode(event);
    } catch (IllegalArgumentException e) {
      out.deadLetter(refused(event, String.valueOf(e.getMessage()), e), timestamp, window);
      return;
    }
    if (row.size() > maxBytes) {
      String message =
          "found a row of %,d bytes, expected at most %,d".formatted(row.size(), maxBytes);
      out.deadLetter(refused(event, message, null), timestamp, window);
      return;
    }
    if (pendingBytes + row.size() > REQUEST_BYTES) {
      send(out);
    }
    pending.add(new Pending(event, row, timestamp, window));
    pendingBytes += row.size();
  }

  @Override
  public void finish(Outlet out) throws IOException {
    send(out);
    while (!underWay.isEmpty()) {
      settle(underWay.remove(), out);
    }
  }

  @Override
  public void tearDown() {
    close();
    try (WriteStreamService unused = service) {
      // Where it was not set up there is none.
    } catch (Exception e) {
      LOG.warn("found an error while leaving BigQuery: {}", e.toString());
    }
  }

  private void send(Outlet out) throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    while (underWay.size() >= MOST_UNDER_WAY) {
      settle(underWay.remove(), out);
    }
    underWay.add(append(pending));
    pending = new ArrayList<>();
    pendingBytes = 0;
  }

  private Request append(List<Pending> rows) throws IOException {
    ProtoRows.Builder message = ProtoRows.newBuilder();
    rows.forEach(each -> message.addSerializedRows(each.row()));
    try {
      return new Request(rows, client().appendRows(NO_OFFSET, message.build()));
    } catch (Exception e) {
      return new Request(rows, ApiFutures.immediateFailedFuture(e));
    }
  }

  /** Returns when each row of {@code request} is in the table or a dead letter. */
  private void settle(Request request, Outlet out) throws IOException {
    BackOff pauses = PAUSES.backoff();
    Request current = request;
    while (!current.rows().isEmpty()) {
      Throwable cause;
      try {
        AppendRowsResponse unused = current.answer().get();
        return;
      } catch (ExecutionException e) {
        cause = e.getCause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while appending to " + table, e);
      }
      List<Pending> rest =
          cause instanceof AppendSerializationError rows
              ? without(rows.getRowIndexToErrorMessage(), current.rows(), out)
              : current.rows();
      if (rest.size() == current.rows().size()) {
        pause(pauses, cause);
        close();
      }
      current = append(rest);
    }
  }

  private static List<Pending> without(Map<Integer, String> refused, List<Pending> rows, Outlet out)
      throws IOException {
    List<Pending> rest = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Pending each = rows.get(i);
      String why = refused.get(i);
      if (why == null) {
        rest.add(each);
      } else {
        String message = "found a row that BigQuery refuses: " + why;
        out.deadLetter(refused(each.event(), message, null), each.timestamp(), each.window());
      }
    }
    return rest;
  }

  private void pause(BackOff pauses, @Nullable Throwable cause) throws IOException {
    try {
      if (!AppendFailure.mayPass(cause) || !BackOffUtils.next(Sleeper.DEFAULT, pauses)) {
        throw AppendFailure.of(table, cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while appending to " + table, e);
    }
  }

  private StreamAppendClient client() throws Exception {
    StreamAppendClient known = client;
    if (known == null) {
      known =
          service.getStreamAppendClient(
              table.defaultStream(),
              encoder.descriptor(),
              false,
              MissingValueInterpretation.NULL_VALUE);
      client = known;
    }
    return known;
  }

  /** What is under way on it fails, and is appended again by another. */
  private void close() {
    try (StreamAppendClient closed = client) {
      client = null;
    } catch (Exception e) {
      LOG.warn("found an error while closing a stream of BigQuery: {}", e.toString());
    }
  }

  private static DeadLetter refused(Event event, String message, @Nullable Throwable cause) {
    return DeadLetter.failed(Stage.DELIVER, event, Reason.UNDELIVERABLE, message, cause);
  }
}
