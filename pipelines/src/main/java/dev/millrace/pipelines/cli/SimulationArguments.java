package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.simulation.CardSimulation;
import dev.millrace.pipelines.simulation.Deliveries;
import dev.millrace.pipelines.simulation.Disturbances;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which payments are simulated, and how a network disturbs them. */
final class SimulationArguments {

  private static final long DEFAULT_EVENTS = 20_000;

  @ArgGroup private @Nullable Length length;

  /** One of the two. */
  static final class Length {
    @Option(
        names = "--days",
        paramLabel = "N",
        description = "So many days of payments: about two a customer and day.")
    private @Nullable Integer days;

    @Option(
        names = "--events",
        paramLabel = "N",
        description = "So many payments, by default " + DEFAULT_EVENTS + ".")
    private @Nullable Long events;
  }

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description =
          "The same seed and settings give the same payments; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--customers",
      defaultValue = "5000",
      paramLabel = "N",
      description = "By default ${DEFAULT-VALUE}.")
  private int customers;

  @Option(
      names = "--terminals",
      paramLabel = "N",
      description = "By default two a customer, as in the published data.")
  private @Nullable Integer terminals;

  @Option(
      names = "--from",
      defaultValue = "2018-04-01",
      paramLabel = "YYYY-MM-DD",
      description = "The first day of payments, in UTC; ${DEFAULT-VALUE} by default.")
  private LocalDate from;

  @Option(
      names = "--duplicates",
      paramLabel = "P",
      description = "The probability, from 0 (the default) to 1, that a payment is sent again.")
  private double duplicates;

  @Option(
      names = "--out-of-order",
      paramLabel = "P",
      description = "That it is overtaken by up to 50 others; 0 by default.")
  private double outOfOrder;

  @Option(
      names = "--late",
      paramLabel = "P",
      description = "That it comes a day late; 0 by default.")
  private double late;

  @Option(
      names = "--malformed",
      paramLabel = "P",
      description =
          "That a payload which cannot be read comes behind it; 0 by default. Topics only.")
  private double malformed;

  @Option(
      names = "--unknown-schema",
      paramLabel = "P",
      description = "That one of a schema which nobody knows does; 0 by default. Topics only.")
  private double unknownSchema;

  @SuppressWarnings("NullAway.Init") // picocli sets from
  SimulationArguments() {}

  /** Whether records are asked for that only a topic can hold. */
  boolean hasUnreadable() {
    return malformed > 0 || unknownSchema > 0;
  }

  boolean hasUnknownSchema() {
    return unknownSchema > 0;
  }

  /**
   * The payments, with their reports, as they are delivered.
   *
   * @throws IllegalArgumentException naming the setting that cannot be
   */
  Deliveries deliveries() {
    CardSimulation simulation =
        CardSimulation.of(seed)
            .withCustomers(customers)
            .withTerminals(terminals == null ? 2 * customers : terminals)
            .withFirstDay(from);
    Integer days = length == null ? null : length.days;
    Long events = length == null ? null : length.events;
    if (days != null) {
      simulation = simulation.withDays(days);
    } else {
      simulation = simulation.withPayments(events == null ? DEFAULT_EVENTS : events);
    }
    return simulation.deliveries(
        Disturbances.none()
            .withDuplicates(duplicates)
            .withOutOfOrder(outOfOrder)
            .withLate(late)
            .withMalformed(malformed)
            .withUnknownSchemaIds(unknownSchema));
  }
}
