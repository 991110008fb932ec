package dev.millrace.benchmark.cards;

import com.google.errorprone.annotations.FormatMethod;
import dev.millrace.benchmark.cards.Setting.Aim;
import dev.millrace.benchmark.cards.Setting.Backend;
import dev.millrace.pipelines.cli.Benchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Millrace on Flink beside a Flink job that is written by hand, and a plain loop:",
      "card payments from a Kafka topic, deduplicated, with their customer's history, asked about",
      "to TensorFlow and decided, to another topic. Real broker, real cluster, each in JVMs of",
      "their own; first it is checked that all decide the same. Leave the machine idle meanwhile."
    },
    footer = {"", "Example: millrace bench --rounds=5 --json=bench.json"})
public final class CardBenchmark implements Benchmark {

  /** What is measured. */
  enum Part {
    THROUGHPUT,
    LATENCY
  }

  private static final int CHECKED = 20_000;

  /** The higher first: at the lower a JVM would not be done compiling for minutes. */
  private static final int[] RATES = {2_000, 500};

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.BASE,
          Setting.BASE.withParallelism(2),
          Setting.BASE.withCustomers(1_000_000),
          Setting.BASE.withBackend(Backend.ROCKSDB),
          Setting.BASE.withCustomers(1_000_000).withBackend(Backend.ROCKSDB));

  @Spec private CommandSpec command;

  @Option(
      names = "--events",
      defaultValue = "20000000",
      paramLabel = "N",
      description = {
        "How many records the topic has that is drained, by default ${DEFAULT-VALUE};",
        "with state in RocksDB a third of them."
      })
  private int events;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "N",
      description = "How often each contestant is measured, by default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write what was measured, as one JSON object.")
  private @Nullable Path json;

  @Option(
      names = "--part",
      split = ",",
      paramLabel = "PART",
      description = "throughput or latency; by default both.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--contestants",
      split = ",",
      paramLabel = "NAME",
      description = "millrace, native and plain; by default all.")
  private Set<Contestant> contestants = EnumSet.allOf(Contestant.class);

  @Option(
      names = "--settings",
      split = ",",
      paramLabel = "N",
      description = {
        "Throughput in which settings, by default all, of which --profile takes the first: 1, one",
        "task with a thousand keys on the heap; 2, two tasks; 3, a million keys; 4, RocksDB;",
        "5, RocksDB with a million keys."
      })
  private List<Integer> settings = List.of();

  @Option(
      names = "--profile",
      arity = "0..1",
      fallbackValue = ".",
      paramLabel = "DIR",
      description = {
        "Says of each contestant where its time goes, instead of measuring,",
        "and leaves the recordings (NAME-SETTING.jfr) in a folder, by default the current one."
      })
  private @Nullable Path profile;

  @Option(
      names = "--quick",
      description = "One short round, in less than two minutes: shows that all of it works.")
  private boolean quick;

  private long start;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public CardBenchmark() {}

  @Override
  public Integer call() throws IOException {
    Path file = json == null ? null : json.toAbsolutePath();
    if (file != null && (file.getParent() == null || !Files.isDirectory(file.getParent()))) {
      throw wrong("--json: found no folder for %s, expected one".formatted(file));
    }
    if (rounds < 1 || events < 1_000) {
      throw wrong(
          "found %d rounds of %d events, expected at least 1 of 1000".formatted(rounds, events));
    }
    if (settings.stream().anyMatch(number -> number < 1 || number > SETTINGS.size())) {
      throw wrong("--settings: found %s, expected 1 to %d".formatted(settings, SETTINGS.size()));
    }
    if (settings.isEmpty()) {
      settings = profile == null ? List.of(1, 2, 3, 4, 5) : List.of(1);
    }
    if (quick) {
      rounds = 1;
      events = Math.min(events, 100_000);
      settings = List.of(1);
    }
    start = System.nanoTime();
    Path folder = Files.createTempDirectory("millrace-bench");
    try (Stand stand = Stand.in(folder)) {
      measure(stand, file);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void measure(Stand stand, @Nullable Path file) throws IOException {
    Report report = new Report(events);
    if (quick) {
      check(stand, Setting.BASE, events, report);
    } else if (profile == null) {
      check(stand, Setting.BASE.withAim(Aim.LATENCY), CHECKED, new Report(CHECKED));
    }
    List<Setting> measured = settings.stream().map(CardBenchmark::setting).toList();
    Map<Integer, String> inputs = new HashMap<>();
    if (parts.contains(Part.THROUGHPUT) && !quick) {
      for (Setting setting : measured) {
        if (!inputs.containsKey(setting.customers())) {
          inputs.put(setting.customers(), fill(stand, setting.customers(), events));
        }
      }
    }
    if (profile != null) {
      for (int number : settings) {
        profile(stand, number, inputs, profile.toAbsolutePath());
      }
      return;
    }
    for (int round = 1; round <= rounds; round++) {
      if (parts.contains(Part.THROUGHPUT) && !quick) {
        for (Setting setting : measured) {
          drain(stand, setting, inputs, round, report);
        }
      }
      if (parts.contains(Part.LATENCY)) {
        delay(stand, round, report);
      }
      if (file != null) {
        report.write(file, round);
      }
    }
    report.print(screen());
  }

  /** Faster is only worth something when the decisions are the same. */
  private void check(Stand stand, Setting setting, int records, Report report) throws IOException {
    String input = fill(stand, setting.customers(), records);
    long expected = new Workload(setting.customers(), true).different(records);
    Map<Contestant, Map<String, GenericRecord>> decided = new EnumMap<>(Contestant.class);
    for (Contestant contestant : contestants) {
      String output = "checked." + contestant.word();
      report.add(
          setting, contestant, Drain.of(stand, contestant, setting, input, output, expected, null));
      Map<String, GenericRecord> found = Agreement.read(stand.topics(), output);
      decided.forEach(
          (other, decisions) -> Agreement.check(other.word(), decisions, contestant.word(), found));
      decided.put(contestant, found);
    }
    say("%s make the same %,d decisions of %,d records", decided.keySet(), expected, records);
  }

  private String fill(Stand stand, int customers, int records) throws IOException {
    String topic = "payments.%d.%d".formatted(customers, records);
    stand
        .topics()
        .fill(
            topic,
            new Workload(customers, true),
            records,
            sent -> say("%,d records in %s", sent, topic));
    return topic;
  }

  private void drain(
      Stand stand, Setting setting, Map<Integer, String> inputs, int round, Report report)
      throws IOException {
    for (Contestant contestant : turns(round)) {
      if (contestant.can(setting)) {
        String output = "decisions.%d.%s.%d".formatted(round, contestant.word(), System.nanoTime());
        Drain drain = drained(stand, contestant, setting, inputs, output, null);
        stand.topics().delete(output);
        report.add(setting, contestant, drain);
        say(
            "round %d  %-32s %-9s %,9.0f/s",
            round, setting.label(), contestant.word(), drain.eventsPerSecond());
      }
    }
  }

  private Drain drained(
      Stand stand,
      Contestant contestant,
      Setting setting,
      Map<Integer, String> inputs,
      String output,
      @Nullable Path recording)
      throws IOException {
    String input = input(inputs, setting);
    return Drain.of(stand, contestant, setting, input, output, decisions(setting), recording);
  }

  private void delay(Stand stand, int round, Report report) throws IOException {
    List<Delay.Phase> phases = new ArrayList<>();
    for (int rate : RATES) {
      int warmUp = quick ? 5 : phases.isEmpty() ? 60 : 20;
      phases.add(new Delay.Phase(rate, warmUp, quick ? 5 : 40));
    }
    for (Contestant contestant : turns(round)) {
      String name = "delay.%d.%s".formatted(round, contestant.word());
      Setting setting = Setting.BASE.withAim(Aim.LATENCY);
      Delay.of(stand, contestant, setting, name, phases)
          .forEach(
              (rate, delay) -> {
                report.add(rate, contestant, delay);
                say(
                    "round %d  %,d/s  %-9s p50 %.1f ms  p99 %.1f ms",
                    round, rate, contestant.word(), delay.p50(), delay.p99());
              });
    }
  }

  private void profile(Stand stand, int number, Map<Integer, String> inputs, Path folder)
      throws IOException {
    Setting setting = setting(number);
    for (Contestant contestant : contestants) {
      if (contestant.can(setting)) {
        String name = "%s-%d".formatted(contestant.word(), number);
        Path recording = Files.createDirectories(folder).resolve(name + ".jfr");
        Drain drain = drained(stand, contestant, setting, inputs, "profiled." + name, recording);
        say("%s, %s, %,.0f/s while recorded", setting.label(), name, drain.eventsPerSecond());
        Profile.of(recording).print(screen());
      }
    }
  }

  /** Each round another begins: what is left over from the one before hits all alike. */
  private List<Contestant> turns(int round) {
    List<Contestant> all = List.copyOf(contestants);
    List<Contestant> turns = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      turns.add(all.get((i + round - 1) % all.size()));
    }
    return turns;
  }

  private long decisions(Setting setting) {
    return new Workload(setting.customers(), true).different(events) / setting.backend().slower();
  }

  private static Setting setting(int number) {
    return SETTINGS.get(number - 1);
  }

  private static String input(Map<Integer, String> inputs, Setting setting) {
    String input = inputs.get(setting.customers());
    if (input == null) {
      throw new IllegalStateException("no topic was filled for " + setting.label());
    }
    return input;
  }

  private PrintWriter screen() {
    return command.commandLine().getOut();
  }

  @FormatMethod
  private void say(String format, Object... arguments) {
    screen()
        .printf("%6.0f s  %s%n", (System.nanoTime() - start) / 1e9, format.formatted(arguments));
    screen().flush();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
