package dev.millrace.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.faults.Trial.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of all trials, as a table and as JSON. */
final class FaultsReport {

  private final List<Outcome> outcomes = new ArrayList<>();
  private final Map<String, String> skipped = new TreeMap<>();

  void add(Outcome outcome) {
    outcomes.add(outcome);
  }

  void skip(Trial trial, String why) {
    skipped.put(trial.name(), why);
  }

  boolean good() {
    return outcomes.stream().allMatch(Outcome::good);
  }

  void print(PrintWriter screen) {
    screen.printf(
        "%n%-28s %5s %9s %5s %8s %8s %10s %6s %9s %7s %14s %s%n",
        "fault",
        "times",
        "ids",
        "lost",
        "doubled",
        "unknown",
        "raw twice",
        "stray",
        "features",
        "scores",
        "s until in time",
        "job");
    for (Outcome outcome : outcomes) {
      Findings found = outcome.findings();
      screen.printf(
          "%-28s %5d %,9d %5d %8d %8d %,10d %6d %9d %7d %14s %s%n",
          outcome.trial().name(),
          outcome.trial().faults().size(),
          found.ids(),
          found.lost(),
          found.doubled(),
          found.unknown(),
          found.rawDuplicates(),
          found.strayDuplicates(),
          found.featureMismatches(),
          found.scoreMismatches(),
          seconds(outcome),
          outcome.good() ? outcome.state() : outcome.state() + ", WRONG");
      found.examples().forEach(example -> screen.println("    " + example));
    }
    skipped.forEach((name, why) -> screen.printf("%-28s SKIPPED: %s%n", name, why));
    screen.flush();
  }

  /** The median, and the longest where there were several. */
  private static String seconds(Outcome outcome) {
    List<Double> sorted = outcome.secondsToCalm().stream().sorted().toList();
    double median = sorted.get(sorted.size() / 2);
    double longest = sorted.get(sorted.size() - 1);
    return sorted.size() == 1
        ? "%.0f".formatted(longest)
        : "%.0f (%.0f)".formatted(median, longest);
  }

  /** Writes it as one JSON object. */
  void write(Path file, long seed, int rate) throws IOException {
    List<Object> faults = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Findings found = outcome.findings();
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("fault", outcome.trial().name());
      one.put("times", outcome.trial().faults().size());
      one.put("ids", found.ids());
      one.put("lost", found.lost());
      one.put("doubled", found.doubled());
      one.put("unknown", found.unknown());
      one.put("rawDuplicates", found.rawDuplicates());
      one.put("strayDuplicates", found.strayDuplicates());
      one.put("featureMismatches", found.featureMismatches());
      one.put("scoreMismatches", found.scoreMismatches());
      one.put("p99BeforeMillis", outcome.p99Before());
      one.put("secondsUntilP99IsBack", outcome.secondsToCalm());
      one.put("job", outcome.state());
      one.put("checkpointAgeSeconds", outcome.checkpointAge());
      one.put("good", outcome.good());
      one.put("examples", found.examples());
      one.values().removeIf(value -> value.equals(Double.NaN));
      faults.add(one);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("recordsPerSecond", rate);
    json.put("faults", faults);
    json.put("skipped", skipped);
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
  }
}
