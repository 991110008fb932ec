/**
 * From scores to decisions: {@link dev.millrace.transforms.decide.Decide} appends the decision of
 * the first rule that an event meets.
 */
@NullMarked
package dev.millrace.transforms.decide;

import org.jspecify.annotations.NullMarked;
