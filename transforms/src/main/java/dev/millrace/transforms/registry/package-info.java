/**
 * Where writers' schemas are kept. A {@link dev.millrace.transforms.registry.SchemaSource} finds
 * the {@link dev.millrace.transforms.registry.SchemaText} of a {@link
 * dev.millrace.transforms.registry.SchemaId}: in a {@link
 * dev.millrace.transforms.registry.ConfluentRegistry}, or in a {@link
 * dev.millrace.transforms.registry.SchemaFolder}.
 */
@NullMarked
package dev.millrace.transforms.registry;

import org.jspecify.annotations.NullMarked;
