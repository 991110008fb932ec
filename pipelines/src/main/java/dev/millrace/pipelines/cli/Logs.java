package dev.millrace.pipelines.cli;

import java.nio.file.Path;

/** Where the libraries' logs go. Call one of these before anything logs. */
final class Logs {

  private static final String SIMPLE = "org.slf4j.simpleLogger.";

  private Logs() {}

  /** Warnings and errors to standard error. */
  static void toStandardError() {
    level("warn");
    // Beam and Flink warn of what a launcher from one class path does on purpose.
    System.setProperty(SIMPLE + "log.org.apache.flink", "error");
    System.setProperty(SIMPLE + "log.org.apache.beam", "error");
    System.setProperty(SIMPLE + "log.org.apache.kafka", "error");
  }

  /** Everything from INFO on to a file, so that the screen is for the person. */
  static void toFile(Path file) {
    System.setProperty(SIMPLE + "logFile", file.toString());
    System.setProperty(SIMPLE + "log.org.apache.flink", "info");
    System.setProperty(SIMPLE + "log.org.apache.beam", "info");
    System.setProperty(SIMPLE + "log.org.apache.kafka", "warn");
    level("info");
  }

  private static void level(String level) {
    System.setProperty(SIMPLE + "defaultLogLevel", level);
    System.setProperty(SIMPLE + "showDateTime", "true");
    System.setProperty(SIMPLE + "dateTimeFormat", "HH:mm:ss.SSS");
    System.setProperty(SIMPLE + "showShortLogName", "true");
  }
}
