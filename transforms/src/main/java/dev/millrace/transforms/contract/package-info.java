/**
 * What a stream's records are read as. A {@link dev.millrace.transforms.contract.Contract} is a
 * tree of {@link dev.millrace.transforms.contract.ContractField}s, whichever language of schemas it
 * was written in; its {@code EventLayout} says where each lies in an event, and a writer's schema
 * is resolved to it field by field.
 */
@NullMarked
package dev.millrace.transforms.contract;

import org.jspecify.annotations.NullMarked;
