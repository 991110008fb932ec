package dev.millrace.pipelines.simulation;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Events as a network with {@link Disturbances} delivers them, and the {@link #truth} about what it
 * delivered.
 *
 * <p>A delivery's flaw is what came true, not what was drawn: a payment held back to be late that
 * is let go early, because the payments ended, counts as out of order, or as sound when nothing
 * overtook it.
 */
public final class Deliveries implements Iterator<Delivery> {
  private static final List<Flaw> MALFORMED =
      List.of(Flaw.TRUNCATED, Flaw.RANDOM_BYTES, Flaw.WRONG_MAGIC, Flaw.EMPTY);

  private final Iterator<CardEvent> events;
  private final Disturbances disturbances;
  private final Random random;

  private final ArrayDeque<Delivery> ready = new ArrayDeque<>();
  private final PriorityQueue<Held> held =
      new PriorityQueue<>(Comparator.comparingLong(Held::until).thenComparingLong(Held::number));
  private final ArrayDeque<CardPayment> late = new ArrayDeque<>();

  private final EnumMap<Flaw, Long> counts = new EnumMap<>(Flaw.class);
  private Instant newest = Instant.MIN;
  private long arrived;
  private long heldSoFar;
  private long bad;
  private long frauds;
  private long reports;

  Deliveries(Iterator<CardEvent> events, Disturbances disturbances, Random random) {
    this.events = events;
    this.disturbances = disturbances;
    this.random = random;
    for (Flaw flaw : Flaw.values()) {
      counts.put(flaw, 0L);
    }
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && events.hasNext()) {
      accept(events.next());
    }
    while (ready.isEmpty() && !(held.isEmpty() && late.isEmpty())) {
      letGoOfOne();
    }
    return !ready.isEmpty();
  }

  @Override
  public Delivery next() {
    if (!hasNext()) {
      throw new NoSuchElementException("everything was delivered");
    }
    Delivery delivery = ready.remove();
    count(delivery);
    return delivery;
  }

  /** About the deliveries that {@link #next} handed out so far. */
  public GroundTruth truth() {
    return new GroundTruth(Map.copyOf(counts), frauds, reports);
  }

  /** How many payments and duplicates are held back at the moment. */
  int pending() {
    return held.size() + late.size() + ready.size();
  }

  private void accept(CardEvent event) {
    if (event instanceof CardPayment payment) {
      arrived++;
      if (random.nextDouble() < disturbances.late()) {
        late.add(payment);
      } else if (random.nextDouble() < disturbances.outOfOrder()) {
        hold(payment, false);
      } else {
        deliver(payment);
      }
    } else {
      ready.add(new Delivery(event, Flaw.NONE));
    }
    letGoOfThoseDue();
  }

  private void letGoOfThoseDue() {
    while (!held.isEmpty() && held.element().until <= arrived) {
      letGo(held.remove());
    }
    while (!late.isEmpty() && isLateNow(late.element())) {
      deliver(late.remove());
    }
  }

  /** At the end, when no further payment comes to wait for. */
  private void letGoOfOne() {
    if (held.isEmpty()) {
      deliver(late.remove());
    } else {
      letGo(held.remove());
    }
  }

  private void letGo(Held one) {
    if (one.again) {
      send(one.payment, Flaw.DUPLICATE);
    } else {
      deliver(one.payment);
    }
  }

  /** Brings a payment for the first time, with whatever extra deliveries it draws. */
  private void deliver(CardPayment payment) {
    send(payment, flawNow(payment));
    if (payment.at().isAfter(newest)) {
      newest = payment.at();
    }
    if (random.nextDouble() < disturbances.duplicates()) {
      hold(payment, true);
    }
    if (random.nextDouble() < disturbances.malformed()) {
      sendBad(payment, MALFORMED.get((int) (bad % MALFORMED.size())));
    }
    if (random.nextDouble() < disturbances.unknownSchemaIds()) {
      sendBad(payment, Flaw.UNKNOWN_SCHEMA_ID);
    }
  }

  private void hold(CardPayment payment, boolean again) {
    long until = arrived + 1 + random.nextInt(disturbances.reach());
    held.add(new Held(payment, again, until, heldSoFar++));
  }

  private void sendBad(CardPayment payment, Flaw flaw) {
    send(payment.withId(Ids.of("bad-", bad++, 8)), flaw);
  }

  private void send(CardPayment payment, Flaw flaw) {
    ready.add(new Delivery(payment, flaw));
  }

  private Flaw flawNow(CardPayment payment) {
    if (isLateNow(payment)) {
      return Flaw.LATE;
    }
    return newest.isAfter(payment.at()) ? Flaw.OUT_OF_ORDER : Flaw.NONE;
  }

  private boolean isLateNow(CardPayment payment) {
    return !payment.at().plus(disturbances.lateBy()).isAfter(newest);
  }

  private void count(Delivery delivery) {
    if (delivery.event() instanceof CardPayment payment) {
      counts.merge(delivery.flaw(), 1L, Long::sum);
      if (payment.fraud() && delivery.flaw().isFirstOfItsId()) {
        frauds++;
      }
    } else {
      reports++;
    }
  }

  /** A payment or its repetition, held back until so many payments have arrived. */
  private record Held(CardPayment payment, boolean again, long until, long number) {}
}
