package dev.millrace.faults;

import com.google.errorprone.annotations.FormatMethod;
import dev.millrace.models.Lease;
import dev.millrace.models.PredictionException;
import dev.millrace.models.SharedModels;
import dev.millrace.models.tensorflow.SavedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Says what became of a topic of payments, from the three topics alone: payments, decisions and
 * dead letters. Topics are given whole, a partition's records in their order.
 */
final class Oracle {

  private static final double TOLERANCE = 1e-6;
  private static final double SCORE_TOLERANCE = 1e-4;
  private static final int EXAMPLES = 10;
  private static final List<String> MODEL_INPUTS =
      List.of(
          "amount",
          "weekend",
          "night",
          "customer_count_1d",
          "customer_mean_1d",
          "customer_count_7d",
          "customer_mean_7d",
          "customer_count_30d",
          "customer_mean_30d",
          "terminal_count_1d",
          "terminal_risk_1d",
          "terminal_count_7d",
          "terminal_risk_7d",
          "terminal_count_30d",
          "terminal_risk_30d");

  /** Decisions may say something else here and be the same: how long the model took. */
  private static final Set<String> OF_THE_MOMENT = Set.of("model_micros");

  private final Schema payment;
  private final BinaryMessageDecoder<GenericRecord> decisions;
  private final BinaryMessageDecoder<GenericRecord> deadLetters;
  private final String model;
  private final List<Disturbance> disturbances;

  // What is found so far.
  private final Map<String, Map<String, Double>> expected = new HashMap<>();
  private final Map<String, GenericRecord> decided = new HashMap<>();
  private final Map<String, Long> writtenAt = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();
  private final Set<String> dead = new HashSet<>();
  private final Set<String> doubled = new HashSet<>();
  private final List<String> examples = new ArrayList<>();
  private int unknown;
  private int rawDuplicates;
  private int strayDuplicates;
  private int featureMismatches;
  private int scoreMismatches;

  /**
   * @param payment the schema of the payments
   * @param model the SavedModel's folder
   * @param disturbances the faults; times of decisions are the broker's
   */
  Oracle(Schema payment, String model, List<Disturbance> disturbances) {
    this.payment = payment;
    this.model = model;
    this.disturbances = disturbances;
    this.decisions = decoder(schema(Oracle.class, "decision.avsc"));
    this.deadLetters =
        decoder(schema(dev.millrace.transforms.deadletter.DeadLetter.class, "dead-letter.avsc"));
  }

  private static BinaryMessageDecoder<GenericRecord> decoder(Schema schema) {
    return new BinaryMessageDecoder<>(new GenericData(), schema);
  }

  static Schema schema(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return new Schema.Parser().parse(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Judges; an oracle judges once.
   *
   * @param acknowledged the ids of the payments that the broker said it has
   */
  Findings judge(
      Set<String> acknowledged,
      List<ConsumerRecord<byte[], byte[]>> input,
      List<ConsumerRecord<byte[], byte[]>> output,
      List<ConsumerRecord<byte[], byte[]>> letters) {
    expect(input);
    output.forEach(this::decision);
    letters.forEach(this::deadLetter);
    int lost = 0;
    for (String id : acknowledged) {
      if (!expected.containsKey(id)) {
        lost++;
        example("%s: found it acknowledged and not in the topic", id);
      }
    }
    for (String id : expected.keySet()) {
      if (!decided.containsKey(id) && !dead.contains(id)) {
        lost++;
        example("%s: found neither a decision nor a dead letter", id);
      }
      if (decided.containsKey(id) && dead.contains(id)) {
        doubled.add(id);
        example("%s: found a decision and a dead letter", id);
      }
    }
    for (String origin : unreadable) {
      if (!dead.contains(origin)) {
        lost++;
        example("%s, unreadable: found no dead letter", origin);
      }
    }
    checkScores();
    return new Findings(
        expected.size() + unreadable.size(),
        lost,
        doubled.size(),
        unknown,
        rawDuplicates,
        strayDuplicates,
        featureMismatches,
        scoreMismatches,
        examples);
  }

  /** Every payment once, with its features; what cannot be read, by where it stands. */
  private void expect(List<ConsumerRecord<byte[], byte[]>> input) {
    Recomputation history = new Recomputation();
    for (ConsumerRecord<byte[], byte[]> record : input) {
      GenericRecord one = read(record.value());
      if (one == null) {
        unreadable.add(origin(record.partition(), record.offset()));
      } else if (!expected.containsKey(one.get("transaction_id").toString())) {
        expected.put(
            one.get("transaction_id").toString(),
            history.features(
                one.get("customer_id").toString(),
                (Long) one.get("occurred_at"),
                (Double) one.get("amount")));
      }
    }
  }

  private @Nullable GenericRecord read(byte[] value) {
    if (ByteBuffer.wrap(value).getInt(1) != Payments.SCHEMA_ID) {
      return null;
    }
    try {
      return new GenericDatumReader<GenericRecord>(payment)
          .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static String origin(int partition, long offset) {
    return partition + "@" + offset;
  }

  private void decision(ConsumerRecord<byte[], byte[]> record) {
    GenericRecord decision;
    try {
      decision = decisions.decode(record.value());
    } catch (IOException e) {
      unknown++;
      example(
          "decision at %d: found what cannot be read: %s",
          record.offset(), String.valueOf(e.getMessage()));
      return;
    }
    String id = decision.get("event_id").toString();
    Map<String, Double> features = expected.get(id);
    if (features == null) {
      unknown++;
      example("decision at %d: found %s, which nobody sent", record.offset(), id);
      return;
    }
    GenericRecord before = decided.putIfAbsent(id, decision);
    if (before != null) {
      repeated(id, record.offset());
      differences(before, decision)
          .forEach(
              difference -> {
                doubled.add(id);
                example("%s: found two decisions: %s", id, difference);
              });
      return;
    }
    writtenAt.put(id, record.timestamp());
    features.forEach(
        (name, value) -> {
          double found = ((Number) decision.get(name)).doubleValue();
          if (!(Math.abs(found - value) <= TOLERANCE * Math.max(1, Math.abs(value)))) {
            featureMismatches++;
            example("%s, %s: found %s, expected %s", id, name, found, value);
          }
        });
  }

  private void repeated(String id, long offset) {
    rawDuplicates++;
    long first = writtenAt.getOrDefault(id, 0L);
    if (disturbances.stream().noneMatch(one -> one.contains(first))) {
      strayDuplicates++;
      example(
          "decision at %d: found %s again, first written at %tF %<tT.%<tL, with no fault after"
              + " which it would be decided anew",
          offset, id, first);
    }
  }

  /** In words; a model's sums depend on what else is in the batch, in the last digits. */
  private static List<String> differences(GenericRecord one, GenericRecord other) {
    return one.getSchema().getFields().stream()
        .filter(field -> !OF_THE_MOMENT.contains(field.name()))
        .filter(field -> !same(one.get(field.pos()), other.get(field.pos())))
        .map(
            field ->
                "%s is %s and %s"
                    .formatted(field.name(), one.get(field.pos()), other.get(field.pos())))
        .toList();
  }

  private static boolean same(Object one, Object other) {
    if (one instanceof Double a && other instanceof Double b) {
      return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
    }
    return one.equals(other);
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    GenericRecord letter;
    try {
      letter = deadLetters.decode(record.value());
    } catch (IOException e) {
      unknown++;
      example(
          "dead letter at %d: found what cannot be read: %s",
          record.offset(), String.valueOf(e.getMessage()));
      return;
    }
    Object eventId = letter.get("event_id");
    String origin =
        origin((Integer) letter.get("origin_partition"), (Long) letter.get("origin_position"));
    String id = eventId == null ? origin : eventId.toString();
    if (!unreadable.contains(id)) {
      unknown++;
      example(
          "dead letter at %d: found one of %s, which was good: %s",
          record.offset(), id, letter.get("message"));
    }
    if (!dead.add(id)) {
      rawDuplicates++;
    }
  }

  private void checkScores() {
    Map<String, Double> scores = scores(decided.values());
    decided.forEach(
        (id, decision) -> {
          double found = (Double) decision.get("fraud_probability");
          double score = scores.getOrDefault(id, Double.NaN);
          String decided = decision.get("decision").toString();
          if (!(Math.abs(found - score) <= SCORE_TOLERANCE)) {
            scoreMismatches++;
            example("%s: found a score of %s, expected %s", id, found, score);
          } else if (!decided.equals(decision(found))) {
            scoreMismatches++;
            example(
                "%s: found %s for a score of %s, expected %s", id, decided, found, decision(found));
          }
        });
  }

  /** As the rules of {@code faults.yaml} have it. */
  static String decision(double score) {
    if (score >= 0.9) {
      return "DECLINE";
    }
    return score >= 0.6 ? "REVIEW" : "APPROVE";
  }

  /** What the model says to the features of each decision, by its id. */
  Map<String, Double> scores(Collection<GenericRecord> of) {
    Map<String, Double> scores = new HashMap<>();
    List<GenericRecord> all = List.copyOf(of);
    try (Lease<float[], float[]> lease =
        SharedModels.acquire(SavedModel.at(model).withOutputs("probability").dense())) {
      for (int from = 0; from < all.size(); from += 1024) {
        List<GenericRecord> some = all.subList(from, Math.min(all.size(), from + 1024));
        List<float[]> answers = lease.model().predict(some.stream().map(Oracle::row).toList());
        for (int i = 0; i < some.size(); i++) {
          scores.put(some.get(i).get("event_id").toString(), (double) answers.get(i)[0]);
        }
      }
    } catch (PredictionException e) {
      throw new IllegalStateException("the model does not answer for the oracle", e);
    }
    return scores;
  }

  private static float[] row(GenericRecord decision) {
    float[] row = new float[MODEL_INPUTS.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = ((Number) decision.get(MODEL_INPUTS.get(i))).floatValue();
    }
    return row;
  }

  @FormatMethod
  private void example(String format, Object... values) {
    if (examples.size() < EXAMPLES) {
      examples.add(format.formatted(values));
    }
  }
}
