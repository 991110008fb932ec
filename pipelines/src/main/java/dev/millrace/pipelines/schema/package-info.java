/**
 * What a change of a schema would do to a pipeline, told before anything is written with it.
 *
 * <p>A candidate is the schema that a stream's producers are about to use. It is held to the
 * contract (can every record be read?), to the versions of its subject in the registry, and to what
 * the pipeline does with each field, which its {@link dev.millrace.pipelines.schema.FieldUses} say.
 * Whatever is noticed is a {@link dev.millrace.pipelines.schema.Finding}; a {@link
 * dev.millrace.pipelines.schema.Report} has all of them and the verdict. {@link
 * dev.millrace.pipelines.schema.SchemaField}s are any schema, in whichever language, as a tree of
 * fields.
 */
@NullMarked
package dev.millrace.pipelines.schema;

import org.jspecify.annotations.NullMarked;
