/**
 * Columns that follow from other columns of the same event: {@link
 * dev.millrace.transforms.compute.Compute} appends them.
 */
@NullMarked
package dev.millrace.transforms.compute;

import org.jspecify.annotations.NullMarked;
