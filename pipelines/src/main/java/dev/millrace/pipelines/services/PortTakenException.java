package dev.millrace.pipelines.services;

import java.io.IOException;

/** A server ended while starting, because another program listens on its port. */
public final class PortTakenException extends IOException {
  private static final long serialVersionUID = 1;

  PortTakenException(String message) {
    super(message);
  }
}
