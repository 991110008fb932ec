package dev.millrace.transforms.deliver.bigquery;

import com.google.api.gax.rpc.ApiException;
import io.grpc.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows that a table did not take: where they were going, why, and what to do. */
final class AppendFailure {

  private AppendFailure() {}

  /** Whether the same rows may be taken a moment later. */
  static boolean mayPass(@Nullable Throwable cause) {
    return switch (code(cause)) {
      case UNAVAILABLE,
          RESOURCE_EXHAUSTED,
          ABORTED,
          CANCELLED,
          INTERNAL,
          UNKNOWN,
          DEADLINE_EXCEEDED ->
          true;
      default -> false;
    };
  }

  static IOException of(BigQueryTable table, @Nullable Throwable cause) {
    return new IOException(
        "BigQuery table '%s': found rows that were not taken (%s), %s; the bundle is tried again"
            .formatted(table, cause, remedy(code(cause))),
        cause);
  }

  private static Status.Code code(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof ApiException api) {
        return Status.Code.valueOf(api.getStatusCode().getCode().name());
      }
    }
    return cause == null ? Status.Code.UNKNOWN : Status.fromThrowable(cause).getCode();
  }

  private static String remedy(Status.Code code) {
    return switch (code) {
      case NOT_FOUND -> "expected the table to exist: was it deleted?";
      case PERMISSION_DENIED -> "expected an account of the workers with roles/bigquery.dataEditor";
      case UNAUTHENTICATED -> "expected credentials that it knows: the account of the workers";
      case INVALID_ARGUMENT, FAILED_PRECONDITION ->
          "expected rows that fit: was a column dropped, or made required? A launch names it";
      case RESOURCE_EXHAUSTED -> "expected them to be within the project's quota";
      default -> "expected a service that is reachable from the workers";
    };
  }
}
