/**
 * The same work by hand, as somebody would write it who has no Millrace: a {@link
 * dev.millrace.benchmark.handwritten.Payment} is read, the {@link
 * dev.millrace.benchmark.handwritten.CustomerHistory} of its customer makes it a {@link
 * dev.millrace.benchmark.handwritten.Decision}, a {@link dev.millrace.benchmark.handwritten.Scorer}
 * asks the model about many at a time. {@link dev.millrace.benchmark.handwritten.NativeJob} does it
 * on Flink, {@link dev.millrace.benchmark.handwritten.PlainLoop} in one thread. Decoder and model
 * are Millrace's; state, serializers, batching and sink are not.
 */
@NullMarked
package dev.millrace.benchmark.handwritten;

import org.jspecify.annotations.NullMarked;
