/** What Kafka holds in the end, after jobs that fail, records that are too large, and passwords. */
@NullMarked
package dev.millrace.it.delivery;

import org.jspecify.annotations.NullMarked;
