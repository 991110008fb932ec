/**
 * How a pipeline is launched on Flink. A {@link dev.millrace.pipelines.launch.LaunchProfile} is
 * what somebody wants (latency, throughput, each decision once) as options of Beam and settings of
 * Flink; {@link dev.millrace.pipelines.launch.LaunchSettings} are all that hold for one launch,
 * each with who gave it; a {@link dev.millrace.pipelines.launch.LaunchCheck} finds where they
 * contradict the promise, those of the cluster included, which is asked for them. Flink is known
 * here by the names of its settings alone.
 */
@NullMarked
package dev.millrace.pipelines.launch;

import org.jspecify.annotations.NullMarked;
