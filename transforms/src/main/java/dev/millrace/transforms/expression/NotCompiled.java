package dev.millrace.transforms.expression;

/** A part of an expression has no closure: the whole of it goes to CEL's interpreter. */
final class NotCompiled extends RuntimeException {
  NotCompiled() {
    super(null, null, false, false);
  }
}
