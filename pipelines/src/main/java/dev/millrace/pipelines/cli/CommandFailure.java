package dev.millrace.pipelines.cli;

/** A command that could not do its work; the message is all that a person needs to see. */
final class CommandFailure extends RuntimeException {

  CommandFailure(String message) {
    super(message);
  }
}
