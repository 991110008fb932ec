/**
 * Real servers for the demo and the integration tests, each a process of its own on this machine.
 *
 * <p>A <em>server process</em> is a JVM that listens on 127.0.0.1 only, keeps its data and its log
 * in a <em>work folder</em>, counts as started when it answers, and can be stopped, killed and
 * restarted on the same port with the same data. There are two: the {@link
 * dev.millrace.pipelines.services.KafkaBroker} and the {@link
 * dev.millrace.pipelines.services.RegistryServer}. Their files come from the build, and {@link
 * dev.millrace.pipelines.services.ServicesHome} knows where they lie.
 */
@NullMarked
package dev.millrace.pipelines.services;

import org.jspecify.annotations.NullMarked;
