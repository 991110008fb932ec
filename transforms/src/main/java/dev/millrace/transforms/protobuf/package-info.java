/**
 * Protobuf schemas, as people and registries keep them, become descriptors here: while running, and
 * without protoc. A {@link dev.millrace.transforms.protobuf.ProtobufSchema} is one file and all
 * that it imports, from {@code .proto} text, a serialised {@code FileDescriptorProto} or a
 * descriptor set. {@link dev.millrace.transforms.protobuf.Aliases} are what such a file declares
 * for Millrace.
 */
@NullMarked
package dev.millrace.transforms.protobuf;

import org.jspecify.annotations.NullMarked;
