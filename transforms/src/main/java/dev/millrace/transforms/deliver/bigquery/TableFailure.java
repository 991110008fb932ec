package dev.millrace.transforms.deliver.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import org.jspecify.annotations.Nullable;

/** What to say when BigQuery does not answer about a table as it should, and what to mend. */
final class TableFailure {

  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;

  private TableFailure() {}

  static IllegalArgumentException of(
      BigQueryTable table, String address, @Nullable Throwable cause) {
    return cause instanceof HttpResponseException answer
        ? new IllegalArgumentException(
            "BigQuery table '%s': found status %d (%s), %s"
                .formatted(table, answer.getStatusCode(), said(answer), remedy(table, answer)),
            cause)
        : noAnswer(table, address, "(%s)".formatted(cause), cause);
  }

  static IllegalArgumentException noAnswer(
      BigQueryTable table, String address, String how, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "BigQuery table '%s': found no answer from %s %s, expected one: is it reachable, and are there credentials (gcloud auth application-default login)?"
            .formatted(table, address, how),
        cause);
  }

  private static @Nullable String said(HttpResponseException answer) {
    return answer instanceof GoogleJsonResponseException json && json.getDetails() != null
        ? json.getDetails().getMessage()
        : answer.getStatusMessage();
  }

  private static String remedy(BigQueryTable table, HttpResponseException answer) {
    return switch (answer.getStatusCode()) {
      case BAD_REQUEST -> "expected a name, and columns, that it takes";
      case UNAUTHORIZED ->
          "expected credentials that it knows: gcloud auth application-default login, or the account of the workers";
      case FORBIDDEN ->
          "expected an account with roles/bigquery.dataEditor on dataset '%s', in a project that has BigQuery: is it the right project?"
              .formatted(table.dataset());
      case NOT_FOUND ->
          "expected project '%s' to have dataset '%s': bq mk --dataset %s:%s"
              .formatted(table.project(), table.dataset(), table.project(), table.dataset());
      default -> "expected it to be done";
    };
  }
}
