package dev.millrace.pipelines.demo;

import dev.millrace.transforms.deadletter.DeadLetter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** What a person sees at the end of the demo. */
record ClosingScreen(Summary summary, List<DeadLetter> examples) {

  private static final int BAR = 40;

  void print(PrintWriter screen) {
    screen.println();
    screen.printf(
        "  %,d records in, %,.0f a second on %s, model %s%n",
        summary.events(), summary.eventsPerSecond(), summary.runner(), summary.modelVersion());
    screen.println();
    screen.printf("  decided        %,9d%n", summary.decisions());
    summary.byDecision().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            entry ->
                screen.printf(
                    "    %-12s %,9d  %s%n",
                    entry.getKey(), entry.getValue(), bar(entry.getValue(), summary.decisions())));
    screen.printf("  repeats        %,9d  each decided once%n", summary.duplicates());
    long dead = summary.deadLetters().byReason().values().stream().mapToLong(n -> n).sum();
    screen.printf("  dead letters   %,9d%n", dead);
    summary
        .deadLetters()
        .byReason()
        .forEach((reason, count) -> screen.printf("    %-16s %,5d%n", reason, count));
    screen.printf("  lost           %,9d%n", summary.lost());
    screen.println();
    Summary.Latency latency = summary.latencyMs();
    screen.printf(
        "  event to decision, ms:  p50 %,d   p95 %,d   p99 %,d   max %,d%s%n",
        latency.p50(),
        latency.p95(),
        latency.p99(),
        latency.max(),
        summary.warmUpSeconds() == 0
            ? "   (as fast as possible: this is queueing; try --rate=500)"
            : "   (after %.0f s of warm-up)".formatted(summary.warmUpSeconds()));
    screen.println();
    screen.printf("  %d of the dead letters:%n", examples.size());
    for (DeadLetter letter : examples) {
      screen.printf("    %s  %s  %s%n", letter.origin(), letter.reason(), letter.message());
    }
    screen.println();
    screen.println("  Where to go next");
    screen.println("    the pipeline     pipelines/card-fraud/card-fraud.yaml");
    screen.println("    check a change   ./millrace validate pipelines/card-fraud/card-fraud.yaml");
    screen.println("    latency          ./millrace demo --rate=500 --events=30000");
    screen.println("    the README       README.md");
    screen.flush();
  }

  private static String bar(long part, long whole) {
    return "#".repeat((int) Math.ceil((double) BAR * part / Math.max(1, whole)));
  }
}
