package dev.millrace.pipelines.simulation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;

/** The payments of a {@link CardSimulation}, made day by day and sorted within the day. */
final class Payments implements Iterator<CardPayment> {
  private static final int DAY_SECONDS = 86_400;
  private static final double NOON = 43_200;
  private static final double SPREAD = 20_000;
  private static final double SUSPICIOUS_AMOUNT = 220;
  private static final double TERMINALS_A_DAY = 2.0 / 10_000;
  private static final int TERMINAL_DAYS = 28;
  private static final double CUSTOMERS_A_DAY = 3.0 / 5_000;
  private static final int CUSTOMER_DAYS = 14;
  private static final double SHARE_OF_STOLEN_CARD = 1.0 / 3;
  private static final double STOLEN_FACTOR = 5;

  private final CardSimulation settings;
  private final Population population;
  private final Random random;
  private final Compromises terminals;
  private final Compromises customers;
  private final long firstSecond;

  private int day;
  private List<Draft> today = List.of();
  private int nextOfToday;
  private long made;

  Payments(CardSimulation settings) {
    this.settings = settings;
    this.population = Population.of(settings);
    this.random = settings.random("payments");
    this.terminals =
        new Compromises(
            settings.terminals(), TERMINALS_A_DAY, TERMINAL_DAYS, settings.random("terminals"));
    this.customers =
        new Compromises(
            settings.customers(), CUSTOMERS_A_DAY, CUSTOMER_DAYS, settings.random("customers"));
    this.firstSecond = settings.firstDay().atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    if (settings.fraudUnderWay()) {
      startDaysBefore(terminals);
      startDaysBefore(customers);
    }
  }

  @Override
  public boolean hasNext() {
    if (made == settings.maxPayments()) {
      return false;
    }
    while (nextOfToday == today.size() && day < settings.maxDays()) {
      today = paymentsOf(day++);
      nextOfToday = 0;
    }
    return nextOfToday < today.size();
  }

  @Override
  public CardPayment next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the simulation ended after " + made + " payments");
    }
    Draft draft = today.get(nextOfToday++);
    return new CardPayment(
        Ids.of("tx-", made++, 8),
        Instant.ofEpochSecond(firstSecond + (day - 1L) * DAY_SECONDS + draft.second),
        population.customerId(draft.customer),
        population.terminalId(draft.terminal),
        draft.amount,
        draft.scenario > 0,
        draft.scenario);
  }

  private static void startDaysBefore(Compromises compromises) {
    for (int before = -compromises.lastingDays() + 1; before < 0; before++) {
      compromises.startDay(before);
    }
  }

  private List<Draft> paymentsOf(int day) {
    terminals.startDay(day);
    customers.startDay(day);
    List<Draft> drafts = new ArrayList<>(2 * population.customers());
    for (int customer = 0; customer < population.customers(); customer++) {
      int number = poisson(population.paymentsPerDay(customer));
      for (int i = 0; i < number; i++) {
        double second = NOON + SPREAD * random.nextGaussian();
        if (second > 0 && second < DAY_SECONDS) {
          drafts.add(draft(day, (int) second, customer));
        }
      }
    }
    drafts.sort(Comparator.comparingInt(Draft::second));
    return drafts;
  }

  private Draft draft(int day, int second, int customer) {
    int[] inReach = population.inReach(customer);
    int terminal = inReach[random.nextInt(inReach.length)];
    double amount = amount(population.meanAmount(customer));
    if (customers.includes(customer, day) && random.nextDouble() < SHARE_OF_STOLEN_CARD) {
      return new Draft(second, customer, terminal, cents(amount * STOLEN_FACTOR), 3);
    }
    if (terminals.includes(terminal, day)) {
      return new Draft(second, customer, terminal, amount, 2);
    }
    return new Draft(second, customer, terminal, amount, amount > SUSPICIOUS_AMOUNT ? 1 : 0);
  }

  private double amount(double mean) {
    double amount = mean + mean / 2 * random.nextGaussian();
    return cents(amount >= 0 ? amount : 2 * mean * random.nextDouble());
  }

  /** Never nothing: one in 40,000 would round to 0.00, which no terminal takes. */
  private static double cents(double amount) {
    return Math.max(1, Math.round(amount * 100)) / 100.0;
  }

  /** Knuth's method; quick for the small means here, and StrictMath is the same everywhere. */
  private int poisson(double mean) {
    double limit = StrictMath.exp(-mean);
    double product = random.nextDouble();
    int number = 0;
    while (product > limit) {
      product *= random.nextDouble();
      number++;
    }
    return number;
  }

  /** A payment before the day is sorted and numbered. */
  private record Draft(int second, int customer, int terminal, double amount, int scenario) {}
}
