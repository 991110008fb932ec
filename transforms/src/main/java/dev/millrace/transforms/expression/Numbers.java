package dev.millrace.transforms.expression;

/** CEL's arithmetic on its {@code int}: 64 bits, and what does not fit is an error. */
final class Numbers {

  private Numbers() {}

  static long add(long x, long y) {
    long sum = x + y;
    if (((x ^ sum) & (y ^ sum)) < 0) {
      throw overflow(x + " + " + y);
    }
    return sum;
  }

  static long subtract(long x, long y) {
    long difference = x - y;
    if (((x ^ y) & (x ^ difference)) < 0) {
      throw overflow(x + " - " + y);
    }
    return difference;
  }

  static long multiply(long x, long y) {
    long product = x * y;
    if (Math.multiplyHigh(x, y) != product >> 63) {
      throw overflow(x + " * " + y);
    }
    return product;
  }

  static long divide(long x, long y) {
    if (y == 0) {
      throw new EvaluationException("division by zero: %d / 0".formatted(x));
    }
    if (x == Long.MIN_VALUE && y == -1) {
      throw overflow(x + " / -1");
    }
    return x / y;
  }

  static long modulo(long x, long y) {
    if (y == 0) {
      throw new EvaluationException("division by zero: %d %% 0".formatted(x));
    }
    return x % y;
  }

  static long negate(long x) {
    if (x == Long.MIN_VALUE) {
      throw overflow("-(" + x + ")");
    }
    return -x;
  }

  /** Towards zero. */
  static long toLong(double x) {
    // The comparison is false for NaN too.
    if (!(x >= -0x1p63 && x < 0x1p63)) {
      throw overflow("int(" + x + ")");
    }
    return (long) x;
  }

  static long parseLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new EvaluationException("int(): found '%s', expected an int".formatted(text));
    }
  }

  static double parseDouble(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new EvaluationException("double(): found '%s', expected a double".formatted(text));
    }
  }

  private static EvaluationException overflow(String what) {
    return new EvaluationException("%s is out of the range of int".formatted(what));
  }
}
