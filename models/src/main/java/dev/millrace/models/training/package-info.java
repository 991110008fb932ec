/**
 * Training in TensorFlow Java: from a {@link dev.millrace.models.training.TrainingSet} of labelled
 * rows, {@link dev.millrace.models.training.ClassifierTraining} makes a {@link
 * dev.millrace.models.training.TrainedClassifier}, which is published as a SavedModel with its
 * card. One seed and one set give the same weights, bit for bit.
 */
@NullMarked
package dev.millrace.models.training;

import org.jspecify.annotations.NullMarked;
