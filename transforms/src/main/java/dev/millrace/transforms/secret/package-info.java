/**
 * A {@link dev.millrace.transforms.secret.Secret} says where a password or a token is to be had.
 */
@NullMarked
package dev.millrace.transforms.secret;

import org.jspecify.annotations.NullMarked;
