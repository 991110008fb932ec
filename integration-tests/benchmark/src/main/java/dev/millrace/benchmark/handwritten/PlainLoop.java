package dev.millrace.benchmark.handwritten;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.decode.UndecodableException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The work in one thread, with a {@link HashMap} for state: no checkpoints, no shuffle, nothing
 * kept through a crash. What any framework can be measured against.
 */
public final class PlainLoop {

  /** What it prints when it begins to read. */
  public static final String STARTED = "the loop reads";

  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Work work;
  private final PaymentDecoder decoder;
  private final Scorer scorer;
  private final DecisionEncoder encoder;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, CustomerHistory> customers = new HashMap<>();

  private PlainLoop(Work work) {
    this.work = work;
    this.decoder = new PaymentDecoder(work.format());
    this.scorer = new Scorer(work.model());
    this.encoder = new DecisionEncoder(work, scorer.model());
    Map<String, Object> settings = new HashMap<>(work.producer());
    settings.put("bootstrap.servers", work.bootstrapServers());
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Runs until it is killed; the one argument is a file with a serialized {@link Work}. */
  public static void main(String[] arguments) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(Files.newInputStream(Path.of(arguments[0])))) {
      new PlainLoop((Work) in.readObject()).run();
    }
  }

  private void run() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", work.bootstrapServers(),
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(work.input()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      System.out.println(STARTED);
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
          process(record);
        }
        decide();
      }
    }
  }

  private void process(ConsumerRecord<byte[], byte[]> record) {
    Decision decision = new Decision();
    try {
      decision.payment = decoder.decode(record);
    } catch (UndecodableException e) {
      return;
    }
    String customer = decision.payment.customer;
    if (customers
        .computeIfAbsent(customer, unseen -> new CustomerHistory())
        .add(decision.payment, decision)) {
      scorer.add(decision);
      if (scorer.waiting() >= Scorer.BATCH) {
        decide();
      }
    }
  }

  private void decide() {
    if (scorer.waiting() > 0) {
      for (Decision decision : scorer.score()) {
        byte[] key = decision.payment.id.getBytes(UTF_8);
        var unused =
            producer.send(new ProducerRecord<>(work.output(), key, encoder.encode(decision)));
      }
    }
  }
}
