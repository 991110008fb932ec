package dev.millrace.benchmark.cards;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What was measured, round after round. */
final class Report {

  private final long events;
  private final Map<Setting, Map<Contestant, List<Drain>>> drains = new LinkedHashMap<>();
  private final Map<Integer, Map<Contestant, List<Delay>>> delays = new LinkedHashMap<>();

  Report(long events) {
    this.events = events;
  }

  void add(Setting setting, Contestant contestant, Drain drain) {
    drains
        .computeIfAbsent(setting, unseen -> new LinkedHashMap<>())
        .computeIfAbsent(contestant, unseen -> new ArrayList<>())
        .add(drain);
  }

  void add(int rate, Contestant contestant, Delay delay) {
    delays
        .computeIfAbsent(rate, unseen -> new LinkedHashMap<>())
        .computeIfAbsent(contestant, unseen -> new ArrayList<>())
        .add(delay);
  }

  void print(PrintWriter screen) {
    drains.forEach((setting, of) -> print(screen, setting, of));
    delays.forEach((rate, of) -> print(screen, rate, of));
    screen.flush();
  }

  private void print(PrintWriter screen, Setting setting, Map<Contestant, List<Drain>> of) {
    screen.printf(
        "%n%-36s %9s %19s %9s %7s %7s %9s %7s%n",
        setting.label(), "events/s", "", "whole", "CPU us", "bytes", "bytes/key", "x");
    of.forEach(
        (contestant, all) ->
            screen.printf(
                "  %-34s %,9.0f %19s %,9.0f %7.2f %,7.0f %,9.0f %7.2f%n",
                contestant.word(),
                Medians.of(all, Drain::eventsPerSecond),
                range(all),
                Medians.of(all, Drain::wholePerSecond),
                Medians.of(all, Drain::cpuMicros),
                Medians.of(all, Drain::bytes),
                Medians.of(all, Drain::stateBytes),
                ratio(of, contestant, Drain::eventsPerSecond)));
    screen.printf("  x: Millrace's events/s to these, the median of the rounds' ratios%n");
  }

  private static String range(List<Drain> all) {
    return "(%,.0f-%,.0f)"
        .formatted(
            all.stream().mapToDouble(Drain::eventsPerSecond).min().orElse(Double.NaN),
            all.stream().mapToDouble(Drain::eventsPerSecond).max().orElse(Double.NaN));
  }

  private static void print(PrintWriter screen, int rate, Map<Contestant, List<Delay>> of) {
    screen.printf(
        "%n%-36s %9s %9s %9s %9s%n", "%,d/s, ms".formatted(rate), "p50", "p95", "p99", "p99.9");
    of.forEach(
        (contestant, all) ->
            screen.printf(
                "  %-34s %9.1f %9.1f %9.1f %9.1f%n",
                contestant.word(),
                Medians.of(all, Delay::p50),
                Medians.of(all, Delay::p95),
                Medians.of(all, Delay::p99),
                Medians.of(all, Delay::p999)));
  }

  /** Writes it as one JSON object. */
  void write(Path file, int rounds) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("events", events);
    json.put("rounds", rounds);
    json.put(
        "jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    json.put("processors", Runtime.getRuntime().availableProcessors());
    drains.forEach((setting, of) -> json.putIfAbsent("throughput", throughput(of)));
    List<Object> settings = new ArrayList<>();
    drains.forEach(
        (setting, of) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("parallelism", setting.parallelism());
          one.put("keys", setting.customers());
          one.put("backend", setting.backend().type());
          one.put("throughput", throughput(of));
          one.put("wholePerSecond", each(of, all -> Medians.of(all, Drain::wholePerSecond)));
          one.put("cpuMicrosPerEvent", each(of, all -> Medians.of(all, Drain::cpuMicros)));
          one.put("bytesPerEvent", each(of, all -> Medians.of(all, Drain::bytes)));
          one.put("stateBytesPerKey", each(of, all -> Medians.of(all, Drain::stateBytes)));
          one.put("perRound", each(of, all -> all.stream().map(Drain::eventsPerSecond).toList()));
          settings.add(one);
        });
    json.put("settings", settings);
    Map<String, Object> latency = new LinkedHashMap<>();
    delays.forEach(
        (rate, of) -> {
          Map<String, Object> one = each(of, Report::median);
          one.put("p99RatioToNative", ratio(of, Contestant.NATIVE, Delay::p99));
          one.values().removeIf(value -> value.equals(Double.NaN));
          latency.put(Integer.toString(rate), one);
        });
    json.put("latency", latency);
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
  }

  private static Map<String, Object> throughput(Map<Contestant, List<Drain>> of) {
    Map<String, Object> throughput = each(of, all -> Medians.of(all, Drain::eventsPerSecond));
    throughput.put("ratioToNative", ratio(of, Contestant.NATIVE, Drain::eventsPerSecond));
    throughput.put("ratioToPlain", ratio(of, Contestant.PLAIN, Drain::eventsPerSecond));
    throughput.values().removeIf(value -> value.equals(Double.NaN));
    return throughput;
  }

  private static Delay median(List<Delay> all) {
    return new Delay(
        Medians.of(all, Delay::p50),
        Medians.of(all, Delay::p95),
        Medians.of(all, Delay::p99),
        Medians.of(all, Delay::p999));
  }

  private static <T> Map<String, Object> each(
      Map<Contestant, List<T>> of, Function<List<T>, Object> value) {
    Map<String, Object> each = new LinkedHashMap<>();
    of.forEach((contestant, all) -> each.put(contestant.word(), value.apply(all)));
    each.values().removeIf(one -> one.equals(Double.NaN));
    return each;
  }

  /** The median of the rounds' ratios: what slows the machine down slows both in a round. */
  private static <T> double ratio(
      Map<Contestant, List<T>> of, Contestant other, ToDoubleFunction<T> value) {
    List<T> ours = of.getOrDefault(Contestant.MILLRACE, List.of());
    List<T> others = of.getOrDefault(other, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.size(), others.size()); i++) {
      ratios.add(value.applyAsDouble(ours.get(i)) / value.applyAsDouble(others.get(i)));
    }
    return Medians.of(ratios);
  }
}
