/**
 * Reference data: what is known about a key of an event somewhere else. {@link
 * dev.millrace.transforms.lookup.Lookup} is the transform. A {@link
 * dev.millrace.transforms.lookup.ReferenceSource} says where the records are: a table, all of which
 * is held in this JVM and follows its source, or a server that is asked for many keys at a time.
 * Whichever it is becomes a {@link dev.millrace.transforms.lookup.Reference}, one per JVM, which
 * gives an {@link dev.millrace.transforms.lookup.Answer} for a key.
 */
@NullMarked
package dev.millrace.transforms.lookup;

import org.jspecify.annotations.NullMarked;
