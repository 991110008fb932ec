/**
 * From a specification to a Beam pipeline: a {@link dev.millrace.pipelines.assembly.PipelinePlan}
 * is a specification that was checked against its contract and its model; {@link
 * dev.millrace.pipelines.assembly.Assembly} applies the transforms.
 */
@NullMarked
package dev.millrace.pipelines.assembly;

import org.jspecify.annotations.NullMarked;
