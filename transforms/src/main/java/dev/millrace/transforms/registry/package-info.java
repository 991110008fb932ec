/**
 * Where writers' schemas are kept. A {@link dev.millrace.transforms.registry.SchemaSource} finds
 * the {@link dev.millrace.transforms.registry.SchemaText} of a {@link
 * dev.millrace.transforms.registry.SchemaId}: in a {@link
 * dev.millrace.transforms.registry.ConfluentRegistry}, among {@link
 * dev.millrace.transforms.registry.PubsubSchemas}, or in a {@link
 * dev.millrace.transforms.registry.SchemaFolder}. {@link
 * dev.millrace.transforms.registry.Authentication} says as whom it is asked, {@link
 * dev.millrace.transforms.registry.Tls} whose certificates are believed.
 */
@NullMarked
package dev.millrace.transforms.registry;

import org.jspecify.annotations.NullMarked;
