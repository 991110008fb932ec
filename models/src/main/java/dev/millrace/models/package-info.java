/**
 * Models, whoever makes them and whatever runs them; nothing here knows Beam.
 *
 * <p>A {@link dev.millrace.models.ModelHandler} says which model to serve and travels to the
 * worker; there it loads a {@link dev.millrace.models.Model}, which predicts a batch at a time.
 * {@link dev.millrace.models.SharedModels} keeps one loaded model per key and JVM and lends it as a
 * {@link dev.millrace.models.Lease}. On disk a model is a {@link
 * dev.millrace.models.VersionDirectory} of numbered versions, and a version that this project
 * trained carries a {@link dev.millrace.models.ModelCard}: where it comes from, what it takes and
 * gives, and how to tell that it is undamaged.
 */
@NullMarked
package dev.millrace.models;

import org.jspecify.annotations.NullMarked;
