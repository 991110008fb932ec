package dev.millrace.models.evaluation;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The protocol of the Fraud Detection Handbook (Le Borgne, Siblini, Lebichot, Bontempi): train on
 * some days, skip those whose labels are not known yet, test on the days after.
 *
 * <p>From each test day the customers are dropped whose fraud was known by then: those defrauded on
 * a day from the first of training to {@code delay + 1} days before the test day. Days are UTC.
 *
 * <pre>{@code
 * Evaluation evaluation = DetectionProtocol.trainedFrom(LocalDate.parse("2018-07-11")).evaluate(transactions);
 * }</pre>
 */
public final class DetectionProtocol {

  private final LocalDate trainFrom;
  private final int trainDays;
  private final int delayDays;
  private final int testDays;
  private final int cardsPerDay;

  private DetectionProtocol(
      LocalDate trainFrom, int trainDays, int delayDays, int testDays, int cardsPerDay) {
    this.trainFrom = trainFrom;
    this.trainDays = trainDays;
    this.delayDays = delayDays;
    this.testDays = testDays;
    this.cardsPerDay = cardsPerDay;
  }

  /** Seven days of training from this one, seven of delay, seven of test, a hundred cards a day. */
  public static DetectionProtocol trainedFrom(LocalDate firstDay) {
    return new DetectionProtocol(firstDay, 7, 7, 7, 100);
  }

  /** Trains on this many days; 7 by default. */
  public DetectionProtocol withTrainDays(int days) {
    return new DetectionProtocol(
        trainFrom, atLeast(1, "training days", days), delayDays, testDays, cardsPerDay);
  }

  /** Labels are known this many days after the transaction; 7 by default. */
  public DetectionProtocol withDelayDays(int days) {
    return new DetectionProtocol(
        trainFrom, trainDays, atLeast(0, "delay days", days), testDays, cardsPerDay);
  }

  /** Tests on this many days; 7 by default. */
  public DetectionProtocol withTestDays(int days) {
    return new DetectionProtocol(
        trainFrom, trainDays, delayDays, atLeast(1, "test days", days), cardsPerDay);
  }

  /** Investigators check this many cards a day; 100 by default. */
  public DetectionProtocol withCardsPerDay(int cards) {
    return new DetectionProtocol(
        trainFrom, trainDays, delayDays, testDays, atLeast(1, "cards per day", cards));
  }

  public LocalDate trainFrom() {
    return trainFrom;
  }

  public LocalDate testFrom() {
    return trainFrom.plusDays((long) trainDays + delayDays);
  }

  /** The first day that is not needed any more. */
  public LocalDate end() {
    return testFrom().plusDays(testDays);
  }

  public boolean isTraining(Instant time) {
    long day = day(time);
    return day >= 0 && day < trainDays;
  }

  public boolean isTest(Instant time) {
    long day = day(time) - trainDays - delayDays;
    return day >= 0 && day < testDays;
  }

  /**
   * Evaluates from all transactions from the first day of training to the last of test, in any
   * order; others are ignored.
   *
   * @throws IllegalArgumentException when a transaction of a test day has no score, or the test
   *     days have no fraud
   */
  public Evaluation evaluate(Collection<ScoredTransaction> transactions) {
    List<List<ScoredTransaction>> days = new ArrayList<>();
    for (int test = 0; test < testDays; test++) {
      long day = (long) trainDays + delayDays + test;
      Set<String> known = defrauded(transactions, day - delayDays - 1);
      days.add(
          transactions.stream()
              .filter(t -> day(t.time()) == day && !known.contains(t.customer()))
              .map(DetectionProtocol::scored)
              .toList());
    }
    List<ScoredTransaction> tested = days.stream().flatMap(List::stream).toList();
    double[] scores = tested.stream().mapToDouble(ScoredTransaction::score).toArray();
    boolean[] labels = new boolean[scores.length];
    int frauds = 0;
    for (int i = 0; i < labels.length; i++) {
      labels[i] = tested.get(i).fraud();
      frauds += labels[i] ? 1 : 0;
    }
    if (frauds == 0) {
      throw new IllegalArgumentException(
          "test days "
              + testFrom()
              + " to "
              + end().minusDays(1)
              + ": found "
              + tested.size()
              + " transactions without a fraud, expected some");
    }
    Ranking ranking = Ranking.of(scores, labels);
    return new Evaluation(
        trainFrom,
        testFrom(),
        testDays,
        tested.size(),
        frauds,
        ranking.rocAuc(),
        ranking.averagePrecision(),
        cardsPerDay,
        CardPrecision.atTop(cardsPerDay, days));
  }

  private Set<String> defrauded(Collection<ScoredTransaction> transactions, long lastDay) {
    Set<String> customers = new HashSet<>();
    for (ScoredTransaction t : transactions) {
      long day = day(t.time());
      if (t.fraud() && day >= 0 && day <= lastDay) {
        customers.add(t.customer());
      }
    }
    return customers;
  }

  private static ScoredTransaction scored(ScoredTransaction t) {
    if (Double.isNaN(t.score())) {
      throw new IllegalArgumentException(
          "transaction of "
              + t.customer()
              + " at "
              + t.time()
              + ": found no score, expected one on a test day");
    }
    return t;
  }

  private long day(Instant time) {
    return ChronoUnit.DAYS.between(trainFrom, time.atZone(UTC).toLocalDate());
  }

  private static int atLeast(int least, String what, int number) {
    if (number < least) {
      throw new IllegalArgumentException(
          what + ": found " + number + ", expected " + least + " or more");
    }
    return number;
  }
}
