/**
 * What is known of a key: {@link dev.millrace.transforms.history.History} keeps, per key, the
 * {@link dev.millrace.transforms.history.Feature}s' past as tiles in time order (package-private
 * {@code KeyHistory}), drops events seen before, and appends one column per feature. A tile is what
 * all events of one time add up to; a slot is one number of a tile. The work on one record is
 * {@link dev.millrace.transforms.history.KeyedWork}, which Beam's function calls, or a runner's
 * operator in the place of {@link dev.millrace.transforms.history.UpdateHistory}.
 */
@NullMarked
package dev.millrace.transforms.history;

import org.jspecify.annotations.NullMarked;
