/**
 * Models in the stream: {@link dev.millrace.transforms.inference.RunInference} asks the model of a
 * {@link dev.millrace.models.ModelHandler} about batches of events; a {@link
 * dev.millrace.transforms.inference.ModelBinding} says which columns go in and which come out.
 */
@NullMarked
package dev.millrace.transforms.inference;

import org.jspecify.annotations.NullMarked;
