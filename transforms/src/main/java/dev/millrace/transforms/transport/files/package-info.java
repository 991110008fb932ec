/**
 * Files of a stream, one after the other as time goes by: {@link
 * dev.millrace.transforms.transport.files.WindowedFiles} is where records go.
 */
@NullMarked
package dev.millrace.transforms.transport.files;

import org.jspecify.annotations.NullMarked;
