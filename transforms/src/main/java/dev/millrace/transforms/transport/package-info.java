/**
 * Where records go: a {@link dev.millrace.transforms.transport.KafkaTopic}, for decisions and for
 * dead letters alike.
 */
@NullMarked
package dev.millrace.transforms.transport;

import org.jspecify.annotations.NullMarked;
