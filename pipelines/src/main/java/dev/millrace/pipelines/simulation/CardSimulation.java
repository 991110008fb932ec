package dev.millrace.pipelines.simulation;

import java.time.LocalDate;
import java.util.Iterator;
import java.util.Random;

/**
 * A seeded world of customers who pay by card at terminals, some of them frauds.
 *
 * <p>Customers and terminals lie uniformly on a square of 100 by 100. A customer has a mean amount
 * between 5 and 100, a standard deviation of half of it, makes up to 4 payments a day (2 on
 * average, about 1.94 after those outside the day are dropped), mostly around noon, at terminals
 * closer than 5. Frauds come from three scenarios, a later one overruling an earlier:
 *
 * <ol>
 *   <li>every amount above 220;
 *   <li>each day 2 in 10,000 terminals are compromised: all their payments for 28 days;
 *   <li>each day 3 in 5,000 customers are compromised: a third of their payments for 14 days, with
 *       five times the amount.
 * </ol>
 *
 * <p>About 0.8 % of the payments are frauds over four months that start without any; see {@link
 * #withFraudUnderWay}. The facts are those published of the simulated data in "Reproducible Machine
 * Learning for Credit Card Fraud Detection" (Le Borgne, Siblini, Lebichot, Bontempi).
 *
 * <p>A smaller or larger population keeps these ratios: a daily number of compromises that is not
 * whole is drawn to be right on average, and the distance that customers go grows as terminals
 * become sparse, so that about 78 are in reach of each. A customer without any uses the nearest.
 * Keep two terminals a customer for the published load on a terminal.
 *
 * <p>Memory holds the population and one day's payments (and {@link #events} the unpublished
 * reports of a week), however long the simulation runs. Payments of one second keep a fixed order.
 *
 * <pre>{@code
 * Iterator<CardEvent> events = CardSimulation.of(1).withCustomers(500).withTerminals(1000)
 *     .withPayments(20_000).events();
 * }</pre>
 *
 * @param maxDays the simulation ends after these many days
 * @param maxPayments or after these many payments, whichever comes first
 */
public record CardSimulation(
    long seed,
    int customers,
    int terminals,
    LocalDate firstDay,
    int maxDays,
    long maxPayments,
    boolean fraudUnderWay) {

  public CardSimulation {
    require(customers >= 1, "customers", customers);
    require(terminals >= 1, "terminals", terminals);
    require(maxDays >= 1, "days", maxDays);
    require(maxPayments >= 1, "payments", maxPayments);
  }

  /** 5,000 customers and 10,000 terminals from 2018-04-01 on, without end. */
  public static CardSimulation of(long seed) {
    return new CardSimulation(
        seed, 5_000, 10_000, LocalDate.of(2018, 4, 1), Integer.MAX_VALUE, Long.MAX_VALUE, false);
  }

  /** How many customers there are; 5,000 by default. Each makes about 1.94 payments a day. */
  public CardSimulation withCustomers(int customers) {
    return new CardSimulation(
        seed, customers, terminals, firstDay, maxDays, maxPayments, fraudUnderWay);
  }

  /** How many terminals there are; 10,000 by default. */
  public CardSimulation withTerminals(int terminals) {
    return new CardSimulation(
        seed, customers, terminals, firstDay, maxDays, maxPayments, fraudUnderWay);
  }

  /** The day, in UTC, on which payments begin; 2018-04-01 by default. */
  public CardSimulation withFirstDay(LocalDate firstDay) {
    return new CardSimulation(
        seed, customers, terminals, firstDay, maxDays, maxPayments, fraudUnderWay);
  }

  /** Ends after this many days; by default it does not end. */
  public CardSimulation withDays(int days) {
    return new CardSimulation(
        seed, customers, terminals, firstDay, days, maxPayments, fraudUnderWay);
  }

  /** Ends after this many payments; by default it does not end. */
  public CardSimulation withPayments(long payments) {
    return new CardSimulation(
        seed, customers, terminals, firstDay, maxDays, payments, fraudUnderWay);
  }

  /**
   * Whether terminals and customers were already being compromised in the weeks before the first
   * day, so that frauds are as frequent in the first days as later, about 0.9 %. False by default,
   * as in the published data.
   */
  public CardSimulation withFraudUnderWay(boolean fraudUnderWay) {
    return new CardSimulation(
        seed, customers, terminals, firstDay, maxDays, maxPayments, fraudUnderWay);
  }

  /** The payments, in time order. */
  public Iterator<CardPayment> payments() {
    return new Payments(this);
  }

  /**
   * The payments and their reports, in time order. After the last payment come the reports still
   * due, so every payment has its own.
   */
  public Iterator<CardEvent> events() {
    return new ReportedPayments(payments(), random("reports"));
  }

  /** The {@link #events} as a disturbed network delivers them. */
  public Deliveries deliveries(Disturbances disturbances) {
    return new Deliveries(events(), disturbances, random("disturbances"));
  }

  Random random(String purpose) {
    return Seeds.random(seed, purpose);
  }

  private static void require(boolean holds, String name, long value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}
