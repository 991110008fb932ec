package dev.millrace.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.pipelines.cli.Benchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace bench soak}: the same rate for long, and whether anything grows. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Sends payments to a pipeline on a cluster at a steady rate, and says every minute what the",
      "TaskManagers' memory and threads, the state and the delay of decisions are. In the end",
      "each must be flat: at most a little higher in the last third than in the middle one, and",
      "every payment is decided once. Exit code 1 when not."
    },
    footer = {"", "Example: millrace bench soak --minutes=30 --plot=soak.svg --json=soak.json"})
public final class SoakBenchmark implements Benchmark {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final Duration WARM_UP = Duration.ofMinutes(2);

  @Spec private CommandSpec command;

  @Option(
      names = "--minutes",
      defaultValue = "30",
      paramLabel = "N",
      description = "How long, by default ${DEFAULT-VALUE}.")
  private int minutes;

  @Option(
      names = "--rate",
      defaultValue = "500",
      paramLabel = "N",
      description = "Records a second, by default ${DEFAULT-VALUE}.")
  private int rate;

  @Option(names = "--json", paramLabel = "FILE", description = "Where to write every minute.")
  private @Nullable Path json;

  @Option(names = "--plot", paramLabel = "FILE", description = "Where to draw it, as SVG.")
  private @Nullable Path plot;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public SoakBenchmark() {}

  @Override
  public Integer call() throws IOException {
    if (minutes < 3) {
      throw new ParameterException(
          command.commandLine(), "--minutes: found %d, expected at least 3".formatted(minutes));
    }
    PrintWriter screen = command.commandLine().getOut();
    Scene.Plan plan =
        new Scene.Plan(
            1, rate, Scene.Delivery.AT_LEAST_ONCE, Scene.Backend.ROCKSDB, WARM_UP, false, false);
    Path folder = Files.createTempDirectory("millrace-soak");
    try (Scene scene = Scene.in(folder, plan, text -> say(screen, text))) {
      scene.assemble().submit().begin();
      screen.printf("%6s", "minute");
      for (Trend trend : Trend.values()) {
        screen.printf(" %13s", trend.word());
      }
      screen.println();
      List<Minute> soak = new ArrayList<>();
      for (int i = 1; i <= minutes; i++) {
        soak.add(minute(scene));
        print(screen, i, soak.get(i - 1));
      }
      Findings findings = scene.judge();
      boolean flat = verdict(screen, soak);
      screen.printf(
          "%,d ids: %d lost, %d doubled, %d features wrong%n",
          findings.ids(), findings.lost(), findings.doubled(), findings.featureMismatches());
      write(soak, findings);
      return flat && findings.good() ? 0 : 1;
    }
  }

  private static Minute minute(Scene scene) throws IOException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    double least = Double.MAX_VALUE;
    while (System.nanoTime() < end) {
      Scene.pause(BETWEEN_LOOKS);
      least = Math.min(least, Minute.heap(scene));
    }
    return Minute.of(scene, least);
  }

  private static void print(PrintWriter screen, int number, Minute minute) {
    screen.printf("%6d", number);
    for (Trend trend : Trend.values()) {
      screen.printf(" %,13.1f", trend.of(minute));
    }
    screen.println();
    screen.flush();
  }

  private static boolean verdict(PrintWriter screen, List<Minute> soak) {
    boolean flat = true;
    for (Trend trend : Trend.values()) {
      screen.printf(
          "%-14s %,10.1f in the middle third, %,10.1f in the last: %s%n",
          trend.word(), trend.middle(soak), trend.end(soak), trend.isFlat(soak) ? "flat" : "GROWS");
      flat &= trend.isFlat(soak);
    }
    return flat;
  }

  private void write(List<Minute> soak, Findings findings) throws IOException {
    if (json != null) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("recordsPerSecond", rate);
      all.put("minutes", soak);
      for (Trend trend : Trend.values()) {
        all.put(trend.word(), Map.of("middle", trend.middle(soak), "end", trend.end(soak)));
      }
      all.put("findings", findings);
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), all);
    }
    if (plot != null) {
      Files.writeString(plot, SoakPlot.svg(soak));
    }
  }

  private static void say(PrintWriter screen, String text) {
    screen.println(text);
    screen.flush();
  }
}
