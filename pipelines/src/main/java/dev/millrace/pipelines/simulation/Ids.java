package dev.millrace.pipelines.simulation;

/** Numbered ids, padded with zeros so that they sort as text; longer numbers just grow. */
final class Ids {
  private Ids() {}

  static String of(String prefix, long number, int digits) {
    String text = Long.toString(number);
    return prefix + "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
