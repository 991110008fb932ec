/**
 * Payloads become events here. A {@link dev.millrace.transforms.decode.Contract} says which fields
 * an event has, which of them is its id and which its time. A {@link
 * dev.millrace.transforms.decode.RecordFormat} describes how payloads are written; on a worker it
 * opens a {@link dev.millrace.transforms.decode.RecordDecoder}, which {@link
 * dev.millrace.transforms.decode.Decode} applies. A {@link
 * dev.millrace.transforms.registry.SchemaSource} knows the schemas that Avro payloads were written
 * with.
 */
@NullMarked
package dev.millrace.transforms.decode;

import org.jspecify.annotations.NullMarked;
