/**
 * How good a detector is, measured the way that published results were.
 *
 * <p>A {@link dev.millrace.models.evaluation.DetectionProtocol} says which days train, which are
 * skipped because labels come late and which test; from {@link
 * dev.millrace.models.evaluation.ScoredTransaction}s it makes a {@link
 * dev.millrace.models.evaluation.Evaluation}, which {@link
 * dev.millrace.models.evaluation.EvaluationTable} prints beside {@link
 * dev.millrace.models.evaluation.PublishedResult}s.
 */
@NullMarked
package dev.millrace.models.evaluation;

import org.jspecify.annotations.NullMarked;
