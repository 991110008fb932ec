/**
 * The TensorFlow engine: serves any SavedModel in this JVM.
 *
 * <p>A SavedModel offers {@link dev.millrace.models.tensorflow.Signature}s: functions with named
 * inputs and outputs, each a {@link dev.millrace.models.tensorflow.TensorSpec}. {@link
 * dev.millrace.models.tensorflow.SavedModel} calls one of them with a map of values per element;
 * {@link dev.millrace.models.tensorflow.DenseSavedModel} is the short way for models that take one
 * row of floats. {@link dev.millrace.models.tensorflow.Signatures} reads what there is without
 * starting TensorFlow.
 */
@NullMarked
package dev.millrace.models.tensorflow;

import org.jspecify.annotations.NullMarked;
