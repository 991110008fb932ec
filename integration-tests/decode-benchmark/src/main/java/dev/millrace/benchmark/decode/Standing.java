package dev.millrace.benchmark.decode;

import dev.millrace.benchmark.decode.Measurement.Trial;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How a contestant did over all rounds.
 *
 * @param nsPerRecord the median of the rounds
 * @param min of all slices of time in all rounds, in ns a record
 * @param max of all slices of time in all rounds, in ns a record
 * @param cpuNsPerRecord processor time, the median of the rounds: steadier on a busy machine
 * @param bytesPerRecord allocated, the median of the rounds
 * @param ratioToAvroUtils the baseline's median divided by this one's: greater is faster
 * @param cpuRatioToAvroUtils the same of their processor time
 * @param baseline what it is divided from: AvroUtils on the same payloads where it can read them,
 *     else on those that the contract's own Avro schema wrote
 */
record Standing(
    String dataset,
    String format,
    String contestant,
    double nsPerRecord,
    double min,
    double max,
    double cpuNsPerRecord,
    double bytesPerRecord,
    double ratioToAvroUtils,
    double cpuRatioToAvroUtils,
    String baseline) {

  private static final double UNSTEADY = 1.5;

  /** One for each of {@code trials}, each of which was measured, the baselines among them. */
  static List<Standing> of(List<Trial> trials, List<Measurement> measurements) {
    return trials.stream().map(trial -> of(trial, baseline(trial), measurements)).toList();
  }

  private static Standing of(Trial trial, Trial baseline, List<Measurement> measurements) {
    double[] nanos = sorted(trial, measurements, Measurement::nanos);
    double[] cpu = sorted(trial, measurements, Measurement::cpu);
    return new Standing(
        trial.dataset().label(),
        trial.contestant().format().label(),
        trial.contestant().name(),
        tenths(median(nanos)),
        tenths(sorted(trial, measurements, Measurement::least)[0]),
        tenths(last(sorted(trial, measurements, Measurement::most))),
        tenths(median(cpu)),
        tenths(median(sorted(trial, measurements, Measurement::bytes))),
        ratio(sorted(baseline, measurements, Measurement::nanos), nanos),
        ratio(sorted(baseline, measurements, Measurement::cpu), cpu),
        baseline.contestant().id());
  }

  private static Trial baseline(Trial trial) {
    Format format =
        trial.contestant().format() == Format.AVRO_OLDER_WRITER
            ? Format.AVRO_OLDER_WRITER
            : Format.AVRO;
    return new Trial(trial.dataset(), Contestant.of(format.label() + "/" + Contestant.BASELINE));
  }

  private static double[] sorted(
      Trial trial, List<Measurement> measurements, ToDoubleFunction<Measurement> value) {
    return measurements.stream()
        .filter(measurement -> measurement.trial().equals(trial))
        .mapToDouble(value)
        .sorted()
        .toArray();
  }

  /**
   * Whether its rounds do not agree: the machine did something else meanwhile, and its ratio may
   * say more about that than about the contestant.
   */
  boolean unsteady() {
    return max > UNSTEADY * min;
  }

  private static double last(double[] sorted) {
    return sorted[sorted.length - 1];
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double ratio(double[] baseline, double[] own) {
    return Math.round(median(baseline) / median(own) * 100) / 100.0;
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
