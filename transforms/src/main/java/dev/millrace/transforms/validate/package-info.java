/**
 * The rules that an event must meet to be worth a decision: {@link
 * dev.millrace.transforms.validate.Validate} lets through what meets them all.
 */
@NullMarked
package dev.millrace.transforms.validate;

import org.jspecify.annotations.NullMarked;
