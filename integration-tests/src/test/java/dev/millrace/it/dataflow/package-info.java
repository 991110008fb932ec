/**
 * What Dataflow would be given, without a project of Google's: the pipeline as it is translated.
 */
@NullMarked
package dev.millrace.it.dataflow;

import org.jspecify.annotations.NullMarked;
