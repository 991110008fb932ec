/** What a pipeline tells of itself: {@link dev.millrace.transforms.telemetry.StageCounter}s. */
@NullMarked
package dev.millrace.transforms.telemetry;

import org.jspecify.annotations.NullMarked;
