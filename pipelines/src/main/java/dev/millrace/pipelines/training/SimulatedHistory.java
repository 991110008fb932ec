package dev.millrace.pipelines.training;

import dev.millrace.pipelines.simulation.CardContracts;
import dev.millrace.pipelines.simulation.CardPayment;
import dev.millrace.pipelines.simulation.CardSimulation;
import dev.millrace.pipelines.simulation.PaymentFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Iterator;

/**
 * Months of card payments that are made up, to train on when there are no real ones: as many
 * customers, terminals and days as the published data has, from our own simulator.
 */
public record SimulatedHistory(long seed) {

  private static final LocalDate FIRST_DAY = LocalDate.of(2018, 4, 1);
  private static final int NUMBER_OF_DAYS = 122;
  private static final int TRAIN_DELAY_AND_TEST = 21;

  /** The days of which there are payments. */
  public Days days() {
    return Days.from(FIRST_DAY, NUMBER_OF_DAYS);
  }

  /**
   * The first day of training that leaves a week of delay and a week of test behind: the last, so
   * that the windows, which look 37 days back, are full.
   */
  public LocalDate trainFrom() {
    return days().last().minusDays(TRAIN_DELAY_AND_TEST - 1);
  }

  /**
   * The specification over the table that {@link #write} writes, in the project at {@code root}.
   */
  public static Path spec(Path root) {
    return folder(root).resolve("handbook.yaml");
  }

  /** Writes the payments with their labels, as a table with the handbook's columns. */
  public void write(Path root, Path file) throws IOException {
    Iterator<CardPayment> payments = simulation().payments();
    try (PaymentFile table =
        PaymentFile.create(file, CardContracts.schema(folder(root).resolve("handbook.avsc")))) {
      while (payments.hasNext()) {
        table.write(payments.next());
      }
    }
  }

  /** Such as a model card says it. */
  @Override
  public String toString() {
    CardSimulation simulation = simulation();
    return "simulated payments of %,d customers at %,d terminals, %s, simulation seed %d"
        .formatted(simulation.customers(), simulation.terminals(), days(), seed);
  }

  private CardSimulation simulation() {
    return CardSimulation.of(seed).withFirstDay(FIRST_DAY).withDays(NUMBER_OF_DAYS);
  }

  private static Path folder(Path root) {
    return root.resolve("pipelines").resolve("card-fraud");
  }
}
