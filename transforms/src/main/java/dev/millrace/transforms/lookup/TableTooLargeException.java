package dev.millrace.transforms.lookup;

/** A table has outgrown what it may take of a worker's memory. */
final class TableTooLargeException extends RuntimeException {
  TableTooLargeException(String message) {
    super(message);
  }
}
