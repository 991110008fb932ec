/**
 * Where records come from. A {@link dev.millrace.transforms.ingest.RawRecord} is a payload as its
 * transport gave it, not yet decoded, with its origin and its transport's timestamp. {@link
 * dev.millrace.transforms.ingest.ReadKafka} reads a topic without end; {@link
 * dev.millrace.transforms.ingest.ReadFiles} reads files to their end.
 */
@NullMarked
package dev.millrace.transforms.ingest;

import org.jspecify.annotations.NullMarked;
