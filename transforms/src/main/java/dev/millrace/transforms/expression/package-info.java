/**
 * CEL over the columns of an event. An {@link dev.millrace.transforms.expression.Expression} is
 * parsed and type-checked once against a layout; what is wrong with it is an {@link
 * dev.millrace.transforms.expression.ExpressionException} that says where. It then runs as closures
 * over the columns, of which each returns one primitive type; an expression that uses more of CEL
 * than the closures cover runs in CEL's own interpreter, with the same results. What fails on one
 * event is an {@link dev.millrace.transforms.expression.EvaluationException}.
 *
 * <p>The language is defined by the CEL specification (github.com/google/cel-spec, {@code
 * doc/langdef.md}) and by the string functions of its extension library.
 */
@NullMarked
package dev.millrace.transforms.expression;

import org.jspecify.annotations.NullMarked;
