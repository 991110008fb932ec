package dev.millrace.transforms.deliver.bigquery;

import com.google.api.client.http.HttpResponseException;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TestIamPermissionsRequest;
import dev.millrace.transforms.transport.LaunchQuestion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks, at launch, whether a table is there, holds the rows and may be written to; makes it where
 * that is asked for.
 *
 * @param create whether to make a table that is not there
 * @param patience how long the answer is waited for
 */
record TableCheck(
    BigQueryTable table,
    BigQueryAccess access,
    boolean create,
    List<String> clusterBy,
    Duration patience) {

  private static final String WRITE = "bigquery.tables.updateData";

  TableCheck(BigQueryTable table, BigQueryAccess access, boolean create, List<String> clusterBy) {
    this(table, access, create, clusterBy, LaunchQuestion.PATIENCE);
  }

  /**
   * Returns when rows of {@code columns} can be appended.
   *
   * @throws IllegalArgumentException with all that stands against it, and what to do
   */
  void check(TableSchema columns) {
    Table found;
    try {
      found = LaunchQuestion.ask("table " + table, patience, () -> found(access.tables(), columns));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException answer) {
        throw answer;
      }
      throw TableFailure.of(table, access.address(), e.getCause());
    } catch (TimeoutException e) {
      String how = "in %d s".formatted(patience.toSeconds());
      throw TableFailure.noAnswer(table, access.address(), how, e);
    }
    List<String> misfits = TableDefinition.misfits(columns, schema(found));
    if (!misfits.isEmpty()) {
      throw new IllegalArgumentException(
          "BigQuery table '%s' does not hold the decisions of this pipeline: %s; expected it to be altered, or another table"
              .formatted(table, String.join("; ", misfits)));
    }
  }

  private Table found(Bigquery tables, TableSchema columns) throws IOException {
    Table found = find(tables);
    if (found == null && create) {
      found = make(tables, columns);
    }
    if (found == null) {
      throw new IllegalArgumentException(
          "BigQuery table '%s': found none, expected it to exist: set create: true, or bq query --use_legacy_sql=false '%s'"
              .formatted(table, TableDefinition.sql(table, columns, clusterBy)));
    }
    mayWrite(tables);
    return found;
  }

  private @Nullable Table find(Bigquery tables) throws IOException {
    try {
      return tables.tables().get(table.project(), table.dataset(), table.table()).execute();
    } catch (HttpResponseException e) {
      if (e.getStatusCode() != TableFailure.NOT_FOUND) {
        throw e;
      }
    }
    // Of a dataset that is not there the answer is the same.
    Object unused = tables.datasets().get(table.project(), table.dataset()).execute();
    return null;
  }

  private @Nullable Table make(Bigquery tables, TableSchema columns) throws IOException {
    Table made = TableDefinition.table(table, columns, clusterBy);
    try {
      return tables.tables().insert(table.project(), table.dataset(), made).execute();
    } catch (HttpResponseException e) {
      if (e.getStatusCode() != TableFailure.CONFLICT) {
        throw e;
      }
      return find(tables);
    }
  }

  /** Who may look at a table need not be one who may write to it. */
  private void mayWrite(Bigquery tables) throws IOException {
    List<String> granted =
        tables
            .tables()
            .testIamPermissions(
                table.resource(), new TestIamPermissionsRequest().setPermissions(List.of(WRITE)))
            .execute()
            .getPermissions();
    if (granted == null || !granted.contains(WRITE)) {
      throw new IllegalArgumentException(
          "BigQuery table '%s': found an account that may read it and not write to it, expected one with roles/bigquery.dataEditor on dataset '%s'"
              .formatted(table, table.dataset()));
    }
  }

  private static TableSchema schema(Table found) {
    return found.getSchema() == null ? new TableSchema() : found.getSchema();
  }
}
