/**
 * Decisions as rows of a BigQuery table: {@link
 * dev.millrace.transforms.deliver.bigquery.WriteBigQuery} appends them by the Storage Write API.
 */
@NullMarked
package dev.millrace.transforms.deliver.bigquery;

import org.jspecify.annotations.NullMarked;
