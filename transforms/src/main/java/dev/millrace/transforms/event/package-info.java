/**
 * What flows between the stages: an {@link dev.millrace.transforms.event.Event} is one compact
 * immutable record whose columns are described by an {@link
 * dev.millrace.transforms.event.EventLayout}, read through {@link
 * dev.millrace.transforms.event.Column}s that a stage resolves once, and written by an {@link
 * dev.millrace.transforms.event.EventBuilder}. Beside its columns it carries its id, its event time
 * and its {@link dev.millrace.transforms.event.Origin}.
 */
@NullMarked
package dev.millrace.transforms.event;

import org.jspecify.annotations.NullMarked;
