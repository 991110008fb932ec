/**
 * What reading and writing share of a transport: a {@link
 * dev.millrace.transforms.transport.KafkaTopic} to write to, the look at launch whether a topic is
 * there, and the client settings that a user may pass through.
 */
@NullMarked
package dev.millrace.transforms.transport;

import org.jspecify.annotations.NullMarked;
