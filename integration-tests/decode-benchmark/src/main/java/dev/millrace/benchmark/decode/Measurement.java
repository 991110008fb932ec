package dev.millrace.benchmark.decode;

import java.util.List;

/**
 * One trial in one round.
 *
 * @param nanos a record, on average
 * @param least of its slices of time, in ns a record
 * @param most of its slices of time, in ns a record
 * @param cpu its processor time, in ns a record
 * @param bytes allocated a record
 */
record Measurement(Trial trial, double nanos, double least, double most, double cpu, double bytes) {

  /** What is measured: one contestant on one dataset. */
  record Trial(Dataset.Source dataset, Contestant contestant) {

    /** Every contestant on each of these datasets. */
    static List<Trial> of(List<Dataset.Source> datasets) {
      return datasets.stream()
          .flatMap(dataset -> Contestant.all().stream().map(one -> new Trial(dataset, one)))
          .toList();
    }

    @Override
    public String toString() {
      return dataset.label() + " " + contestant.id();
    }
  }
}
