/**
 * Models made from a pipeline's own features.
 *
 * <p>A {@link dev.millrace.pipelines.training.Recipe} says which columns of a pipeline make a
 * model's training set. They come from a {@link dev.millrace.pipelines.training.FeatureTable}, the
 * file that a backfill writes over the whole of the past, so that what a model is trained on is
 * what it will be given. Its {@link dev.millrace.pipelines.training.Days} are trained on and, by
 * {@link dev.millrace.pipelines.training.Measurement}, tested on. Where there is no past yet, there
 * is a {@link dev.millrace.pipelines.training.SimulatedHistory}.
 */
@NullMarked
package dev.millrace.pipelines.training;

import org.jspecify.annotations.NullMarked;
