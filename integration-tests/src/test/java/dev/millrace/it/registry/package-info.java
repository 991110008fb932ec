/** Sources of schemas, as they are: a registry, the same behind TLS and a login, Pub/Sub's. */
@NullMarked
package dev.millrace.it.registry;

import org.jspecify.annotations.NullMarked;
