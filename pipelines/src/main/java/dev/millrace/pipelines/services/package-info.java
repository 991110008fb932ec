/**
 * Real servers for the demo and the integration tests, each a process of its own on this machine.
 *
 * <p>A <em>server process</em>, most of them a JVM, listens on 127.0.0.1 only, keeps its data and
 * its log in a <em>work folder</em>, counts as started when it answers, and can be stopped, killed
 * and restarted on the same port with the same data. The files of most come from the build, and
 * {@link dev.millrace.pipelines.services.ServicesHome} knows where they lie; Pub/Sub's emulator and
 * kinesis-local are there where a machine has installed them.
 */
@NullMarked
package dev.millrace.pipelines.services;

import org.jspecify.annotations.NullMarked;
