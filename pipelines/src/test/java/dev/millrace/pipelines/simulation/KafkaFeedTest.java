package dev.millrace.pipelines.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaFeedTest {
  private static final CardSimulation SIMULATION =
      CardSimulation.of(6).withCustomers(50).withTerminals(100).withPayments(300);

  private final AtomicLong clock = new AtomicLong();
  private final MockProducer<String, byte[]> producer = producer(true);
  private final KafkaFeed feed;

  KafkaFeedTest() throws IOException {
    feed =
        KafkaFeed.to(
            "nowhere:1",
            "payments",
            PaymentEncoding.of(CardContracts.read(PaymentEncodingTest.contractFolder()))
                .framedWith(1, 2));
  }

  @Test
  void payments_are_keyed_by_customer_and_reports_stay_at_home() throws IOException {
    KafkaFeed.Progress sent = send(feed, pace(0));
    assertThat(sent.payments()).isEqualTo(300);
    assertThat(sent.reports()).isZero();
    assertThat(producer.history()).hasSize(300).allMatch(r -> r.topic().equals("payments"));
    List<String> customers = new ArrayList<>();
    SIMULATION.payments().forEachRemaining(payment -> customers.add(payment.customerId()));
    assertThat(producer.history()).extracting(ProducerRecord::key).isEqualTo(customers);
  }

  @Test
  void reports_go_to_their_own_topic_when_it_is_named() throws IOException {
    KafkaFeed.Progress sent = send(feed.withReports("labels"), pace(0));
    assertThat(sent.payments()).isEqualTo(300);
    assertThat(sent.reports()).isEqualTo(300);
    assertThat(producer.history().stream().filter(r -> r.topic().equals("labels"))).hasSize(300);
  }

  @Test
  void a_rate_is_kept_on_an_absolute_timetable() throws IOException {
    // Each sleep takes 3 ms too long; the timetable does not move for that.
    Pace late = Pace.of(500, clock::get, nanos -> clock.addAndGet(nanos + 3_000_000));
    send(feed.withReports("labels"), late);
    assertThat(clock.get()).isBetween(millis(299 * 2), millis(299 * 2 + 5));
  }

  @Test
  void behind_time_nothing_waits() {
    Pace pace = pace(10);
    clock.set(millis(10_000));
    pace.await(99);
    assertThat(clock.get()).isEqualTo(millis(10_000));
    pace.await(101);
    assertThat(clock.get()).isEqualTo(millis(10_100));
  }

  @Test
  void progress_is_told_at_each_interval() throws IOException {
    List<KafkaFeed.Progress> told = new ArrayList<>();
    KafkaFeed.Progress sent =
        send(feed.withProgress(Duration.ofMillis(100), told::add), pace(1_000));
    assertThat(told).extracting(KafkaFeed.Progress::payments).containsExactly(101L, 201L);
    assertThat(sent.elapsed()).isEqualTo(Duration.ofMillis(299));
    assertThat(sent.paymentsPerSecond()).isBetween(1_000.0, 1_004.0);
  }

  @Test
  void a_record_that_the_broker_refuses_fails_the_feed() {
    MockProducer<String, byte[]> refusing = producer(false);
    Pace refuseTheThird =
        Pace.of(
            1_000,
            () -> {
              if (refusing.history().size() == 3) {
                refusing.errorNext(new RecordTooLargeException("too large"));
              }
              return clock.get();
            },
            clock::addAndGet);
    assertThatThrownBy(
            () -> feed.send(SIMULATION.deliveries(Disturbances.none()), refusing, refuseTheThird))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sending to payments at nowhere:1 failed")
        .hasMessageContaining("too large");
  }

  @Test
  void an_interrupt_ends_the_feed() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> send(feed, pace(1))).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void a_rate_below_zero_is_refused() {
    assertThatThrownBy(() -> feed.withRate(-1))
        .hasMessageContaining("rate")
        .hasMessageEndingWith("-1.0");
  }

  private KafkaFeed.Progress send(KafkaFeed to, Pace pace) throws IOException {
    return to.send(SIMULATION.deliveries(Disturbances.none()), producer, pace);
  }

  private Pace pace(double perSecond) {
    return Pace.of(perSecond, clock::get, clock::addAndGet);
  }

  private static long millis(long millis) {
    return millis * 1_000_000;
  }

  private static MockProducer<String, byte[]> producer(boolean succeeds) {
    return new MockProducer<>(succeeds, new StringSerializer(), new ByteArraySerializer());
  }
}
