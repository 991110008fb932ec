package dev.millrace.pipelines.demo;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.pipelines.simulation.CardContracts;
import dev.millrace.pipelines.simulation.CardSimulation;
import dev.millrace.pipelines.simulation.Delivery;
import dev.millrace.pipelines.simulation.Disturbances;
import dev.millrace.pipelines.simulation.FraudReport;
import dev.millrace.pipelines.simulation.KafkaFeed;
import dev.millrace.pipelines.simulation.PaymentEncoding;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.registry.ConfluentRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.HdrHistogram.Histogram;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The card-fraud pipeline at work on one machine: a Kafka broker and a schema registry in processes
 * of their own, simulated payments with duplicates, payments out of order, malformed payloads and
 * unknown schema ids, and the topics read back at the end.
 *
 * @param root the project's folder
 * @param workFolder where the servers keep their data and logs
 * @param events how many records are put on the input topic
 * @param rate how many a second; 0 for as fast as possible
 * @param runner as it is named in the summary
 * @param options of the runner
 */
public record Demo(
    Path root,
    Path workFolder,
    long events,
    long seed,
    double rate,
    String runner,
    PipelineOptions options) {

  private static final int PARTITIONS = 4;
  private static final int CUSTOMERS = 500;

  /**
   * Simulated days pass in seconds, so partitions that are read some seconds apart are days apart
   * in event time. No payment of a real stream is that late.
   */
  private static final List<String> OVERRIDES = List.of("events.deduplicateWithin=60d");

  private static final long TICK_MILLIS = 1_000;
  private static final long PATIENCE_MILLIS = 120_000;
  private static final double LONGEST_WARM_UP_SECONDS = 30;

  /** Runs it, telling how far it is, and returns what became of every record. */
  public Summary run(PrintWriter screen) throws IOException {
    Topics topics = Topics.OF_CARD_FRAUD;
    screen.println("starting a Kafka broker and a schema registry ...");
    screen.flush();
    try (KafkaBroker broker = KafkaBroker.start(workFolder);
        RegistryServer server = RegistryServer.start(workFolder)) {
      screen.printf("broker %s, registry %s%n", broker.bootstrapServers(), server.url());
      ConfluentRegistry registry = ConfluentRegistry.at(server.url());
      createTopics(broker, topics);
      PaymentEncoding encoding = encoding(registry, topics);
      Ledger ledger = new Ledger();
      try (TopicReader reader =
          TopicReader.start(broker.bootstrapServers(), topics, registry, ledger)) {
        PipelineResult pipeline = launch(broker, server);
        screen.printf("the pipeline runs on %s; sending %,d payments ...%n", runner, events);
        try {
          CompletableFuture<KafkaFeed.Progress> feed = feed(broker, topics, encoding);
          await(feed, pipeline, ledger, screen);
        } finally {
          pipeline.cancel();
        }
        return finish(ledger, screen);
      }
    }
  }

  private Summary finish(Ledger ledger, PrintWriter screen) {
    Summary summary = ledger.summary(runner, warmUpSeconds());
    new ClosingScreen(summary, ledger.examples()).print(screen);
    return summary;
  }

  private static void createTopics(KafkaBroker broker, Topics topics) throws IOException {
    // The broker's own clock says when a decision was there to be read.
    Map<String, String> stamped = Map.of("message.timestamp.type", "LogAppendTime");
    broker.createTopic(topics.transactions(), PARTITIONS, Map.of());
    broker.createTopic(topics.labels(), PARTITIONS, Map.of());
    broker.createTopic(topics.decisions(), PARTITIONS, stamped);
    broker.createTopic(topics.deadLetters(), 1, stamped);
  }

  private PaymentEncoding encoding(ConfluentRegistry registry, Topics topics) throws IOException {
    CardContracts contracts = CardContracts.read(folder());
    return PaymentEncoding.of(contracts)
        .framedWith(
            registry.register(topics.transactions() + "-value", contracts.transaction()),
            registry.register(topics.labels() + "-value", contracts.label()));
  }

  private PipelineResult launch(KafkaBroker broker, RegistryServer server) {
    Map<String, String> environment =
        Map.of("KAFKA", broker.bootstrapServers(), "REGISTRY", server.url());
    PipelineSpec spec =
        PipelineSpecReader.read(
            folder().resolve("card-fraud.yaml"), Overrides.parse(OVERRIDES), environment::get);
    Pipeline pipeline = Pipeline.create(options);
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    return pipeline.run();
  }

  private CompletableFuture<KafkaFeed.Progress> feed(
      KafkaBroker broker, Topics topics, PaymentEncoding encoding) {
    Disturbances disturbances =
        Disturbances.none()
            .withDuplicates(0.02)
            .withOutOfOrder(0.02)
            .withMalformed(0.005)
            .withUnknownSchemaIds(0.005);
    Iterator<Delivery> deliveries =
        new FirstPayments(
            CardSimulation.of(seed)
                .withCustomers(CUSTOMERS)
                .withTerminals(2 * CUSTOMERS)
                .withFraudUnderWay(true)
                .deliveries(disturbances),
            events);
    KafkaFeed feed =
        KafkaFeed.to(broker.bootstrapServers(), topics.transactions(), encoding)
            .withReports(topics.labels())
            .withRate(rate);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return feed.send(deliveries);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
  }

  /** Waits until every record sent has come to an end, or nothing moves any more. */
  private void await(
      CompletableFuture<KafkaFeed.Progress> feed,
      PipelineResult pipeline,
      Ledger ledger,
      PrintWriter screen) {
    long start = System.currentTimeMillis();
    long lastMove = start;
    long settled = -1;
    boolean done = false;
    while (!done) {
      pause(TICK_MILLIS);
      if (feed.isCompletedExceptionally()) {
        feed.join();
      }
      if (pipeline.getState().isTerminal()) {
        throw new IllegalStateException(
            "found a pipeline that ended as %s, expected it to run until all was decided"
                .formatted(pipeline.getState()));
      }
      long now = System.currentTimeMillis();
      long ended = ledger.decisions() + ledger.deadLetters();
      if (ended != settled) {
        settled = ended;
        lastMove = now;
      }
      boolean sent = feed.isDone() && ledger.inputs() >= events;
      done = (sent && ledger.unsettled() == 0) || now - lastMove > PATIENCE_MILLIS;
      progress(ledger, (now - start) / 1000.0, now, screen);
    }
    // What comes twice comes late: give it the time to show.
    pause(TICK_MILLIS);
  }

  private static void progress(Ledger ledger, double seconds, long now, PrintWriter screen) {
    Histogram recent = ledger.latency(now - 5_000);
    screen.printf(
        "%6.1f s   in %,9d   decided %,9d   dead letters %,6d   p99 of the last 5 s %,6d ms%n",
        seconds,
        ledger.inputs(),
        ledger.decisions(),
        ledger.deadLetters(),
        recent.getValueAtPercentile(99));
    screen.flush();
  }

  /** Of a paced run the first half, up to half a minute: the JVM compiles meanwhile. */
  private double warmUpSeconds() {
    return rate == 0 ? 0 : Math.min(LONGEST_WARM_UP_SECONDS, events / rate / 2);
  }

  private Path folder() {
    return root.resolve("pipelines").resolve("card-fraud");
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for decisions", e);
    }
  }

  /** Deliveries up to a number of records on the payments' topic. */
  private static final class FirstPayments implements Iterator<Delivery> {
    private final Iterator<Delivery> all;
    private long left;

    FirstPayments(Iterator<Delivery> all, long payments) {
      this.all = all;
      this.left = payments;
    }

    @Override
    public boolean hasNext() {
      return left > 0 && all.hasNext();
    }

    @Override
    public Delivery next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all payments were delivered");
      }
      Delivery next = all.next();
      if (!(next.event() instanceof FraudReport)) {
        left--;
      }
      return next;
    }
  }
}
