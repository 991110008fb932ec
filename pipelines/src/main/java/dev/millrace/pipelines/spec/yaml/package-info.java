/**
 * A {@link dev.millrace.pipelines.spec.PipelineSpec} from a YAML file.
 *
 * <p>The file becomes a <em>tree</em> of texts, lists and maps that remember where they stand. The
 * {@linkplain dev.millrace.pipelines.spec.yaml.Overrides overrides} of the command line replace
 * parts of the tree, then the <em>environment</em> is put in, and last the tree is <em>read</em>: a
 * value is a part of the tree together with its path, a section is a map whose keys are known. No
 * class is ever named by the file, so none is ever loaded by it.
 */
@NullMarked
package dev.millrace.pipelines.spec.yaml;

import org.jspecify.annotations.NullMarked;
