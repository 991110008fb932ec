/**
 * Redis as a feature store: {@link dev.millrace.transforms.deliver.redis.StoreLastValues} keeps the
 * last values of each key there.
 */
@NullMarked
package dev.millrace.transforms.deliver.redis;

import org.jspecify.annotations.NullMarked;
