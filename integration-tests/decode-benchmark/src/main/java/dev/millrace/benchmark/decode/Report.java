package dev.millrace.benchmark.decode;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What was measured, and on what.
 *
 * @param skipped datasets that were not measured, and why
 * @param unsteady contestants whose slices of time do not agree: their processor time is steadier
 * @param records different payloads a dataset
 */
record Report(
    List<Standing> decode,
    List<Skipped> skipped,
    List<String> unsteady,
    int records,
    String jdk,
    String cpu,
    int rounds) {

  /** A dataset that was not measured. */
  record Skipped(String dataset, String reason) {}

  /** Of this machine. */
  static Report of(List<Standing> standings, List<Skipped> skipped, int rounds) {
    return new Report(
        standings,
        skipped,
        standings.stream()
            .filter(Standing::unsteady)
            .map(one -> String.join("/", one.dataset(), one.format(), one.contestant()))
            .toList(),
        Dataset.RECORDS,
        "%s %s"
            .formatted(System.getProperty("java.vm.name"), System.getProperty("java.vm.version")),
        Cpu.name(),
        rounds);
  }

  /** Writes it as one JSON object. */
  void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }

  /** Prints it as one table for each dataset and format. */
  void print(PrintWriter screen) {
    decode.stream()
        .collect(
            groupingBy(
                standing -> standing.dataset() + ", " + standing.format(),
                LinkedHashMap::new,
                toList()))
        .forEach((title, rows) -> print(screen, title, rows));
    screen.println();
    screen.printf(
        "medians of %d JVMs each, least and most of their slices in brackets; every value of a row is read%n",
        rounds);
    screen.printf("%s, %s%n", jdk, cpu);
    skipped.forEach(
        dataset -> screen.printf("SKIPPED %s: %s%n", dataset.dataset(), dataset.reason()));
    if (!unsteady.isEmpty()) {
      screen.printf(
          "UNSTEADY, on a machine busy with something else? CPU time is steadier. These: %s%n",
          String.join(", ", unsteady));
    }
    screen.flush();
  }

  private static void print(PrintWriter screen, String title, List<Standing> rows) {
    screen.println();
    screen.printf(
        "%-36s %11s %16s %6s %11s %6s %9s%n",
        title, "ns a record", "", "x", "CPU ns", "x", "bytes");
    for (Standing row : rows) {
      screen.printf(
          "  %-34s %,11.0f %16s %6.2f %,11.0f %6.2f %,9.0f%n",
          row.contestant(),
          row.nsPerRecord(),
          "(%,.0f-%,.0f)".formatted(row.min(), row.max()),
          row.ratioToAvroUtils(),
          row.cpuNsPerRecord(),
          row.cpuRatioToAvroUtils(),
          row.bytesPerRecord());
    }
    screen.printf("  x: how many times faster than %s%n", rows.get(0).baseline());
  }
}
