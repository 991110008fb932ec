package dev.millrace.benchmark.decode;

import java.util.Arrays;
import java.util.List;

/**
 * One trial in one round.
 *
 * @param nanos a record, on average
 * @param least of its slices of time, in ns a record
 * @param most of its slices of time, in ns a record
 * @param bytes allocated a record
 */
record Measurement(Trial trial, double nanos, double least, double most, double bytes) {

  /** What is measured: one contestant on one dataset. */
  record Trial(Dataset.Source dataset, Contestant contestant) {

    /** Every contestant on every dataset of this machine. */
    static List<Trial> all() {
      return Arrays.stream(Dataset.Source.values())
          .filter(dataset -> dataset.absent().isEmpty())
          .flatMap(dataset -> Contestant.all().stream().map(one -> new Trial(dataset, one)))
          .toList();
    }

    @Override
    public String toString() {
      return dataset.label() + " " + contestant.id();
    }
  }
}
