/**
 * Decisions posted to a web service: {@link dev.millrace.transforms.deliver.http.PostDecisions}
 * posts each as one JSON object, with a key by which repeats are dropped.
 */
@NullMarked
package dev.millrace.transforms.deliver.http;

import org.jspecify.annotations.NullMarked;
