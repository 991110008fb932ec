/** One pipeline over each transport, on the real server, with the ways in which access fails. */
@NullMarked
package dev.millrace.it.transport;

import org.jspecify.annotations.NullMarked;
