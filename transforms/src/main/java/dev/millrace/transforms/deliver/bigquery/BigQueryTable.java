package dev.millrace.transforms.deliver.bigquery;

import com.google.api.services.bigquery.model.TableReference;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's name.
 *
 * @param project empty for that of the pipeline's options
 */
public record BigQueryTable(String project, String dataset, String table) implements Serializable {

  private static final Pattern NAME =
      Pattern.compile("(?:([a-z][-a-z0-9.:]{4,61}[a-z0-9])[:.])?(\\w{1,1024})\\.([-\\w]{1,1024})");

  /**
   * Reads {@code project:dataset.table}, {@code project.dataset.table} or {@code dataset.table}.
   *
   * @throws IllegalArgumentException for another
   */
  public static BigQueryTable named(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "found table '%s', expected project.dataset.table, or project:dataset.table"
              .formatted(name));
    }
    String project = matcher.group(1);
    return new BigQueryTable(project == null ? "" : project, matcher.group(2), matcher.group(3));
  }

  /** This table, of {@code project} where it names none. */
  BigQueryTable in(String project) {
    return this.project.isEmpty() ? new BigQueryTable(project, dataset, table) : this;
  }

  /** The stream of the Storage Write API that every table has, and that commits at once. */
  String defaultStream() {
    return resource() + "/streams/_default";
  }

  /** Its name to the API. */
  String resource() {
    return "projects/%s/datasets/%s/tables/%s".formatted(project, dataset, table);
  }

  TableReference reference() {
    return new TableReference().setProjectId(project).setDatasetId(dataset).setTableId(table);
  }

  @Override
  public String toString() {
    return (project.isEmpty() ? "" : project + ".") + dataset + "." + table;
  }
}
