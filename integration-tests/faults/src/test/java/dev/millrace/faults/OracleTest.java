package dev.millrace.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.deadletter.DeadLetter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the oracle finds of what is planted: it is only worth something if it can say no. */
class OracleTest {

  private static final int RECORDS = 2_000;
  private static final long WRITTEN_AT = 1_750_000_000_000L;
  private static final Path ROOT = Path.of(System.getProperty("user.dir")).resolve("../..");
  private static final Schema DECISION = Oracle.schema(Oracle.class, "decision.avsc");
  private static final Schema LETTER = Oracle.schema(DeadLetter.class, "dead-letter.avsc");

  private final Payments payments = new Payments(7);
  private final List<ConsumerRecord<byte[], byte[]>> input = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
  private final List<GenericRecord> decisions = new ArrayList<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Schema payment;

  OracleTest() throws IOException {
    payment =
        new Schema.Parser()
            .parse(Files.readString(ROOT.resolve("pipelines/card-fraud/transaction.avsc")));
  }

  /** A topic, and what a pipeline would make of it that does nothing wrong. */
  @BeforeEach
  void decideEverythingOnce() throws IOException {
    Recomputation history = new Recomputation();
    for (int number = 0; number < RECORDS; number++) {
      byte[] value = payments.value(number);
      input.add(new ConsumerRecord<>("payments", 0, number, null, value));
      switch (payments.kind(number)) {
        case PAYMENT -> {
          acknowledged.add(Payments.id(number));
          decisions.add(decision(value, number, history));
        }
        case REPEAT -> {}
        case CUT, UNKNOWN_SCHEMA -> letters.add(letter(number));
      }
    }
    score();
  }

  @Test
  void nothing_is_found_where_nothing_is_wrong() {
    Findings found = judge();
    assertThat(found.examples()).isEmpty();
    assertThat(found.good()).isTrue();
    assertThat(found.ids()).isEqualTo(acknowledged.size() + letters.size());
    assertThat(letters).isNotEmpty();
    assertThat(acknowledged).hasSizeLessThan(RECORDS - letters.size());
  }

  @Test
  void lost_payment_is_found() {
    decisions.remove(100);
    assertThat(judge().lost()).isEqualTo(1);
  }

  @Test
  void lost_dead_letter_is_found() {
    letters.remove(0);
    assertThat(judge().lost()).isEqualTo(1);
  }

  @Test
  void acknowledged_payment_that_the_topic_has_not_is_lost() {
    acknowledged.add("p-999999");
    assertThat(judge().lost()).isEqualTo(1);
  }

  @Test
  void repeated_decision_is_a_raw_duplicate_and_nothing_worse() {
    GenericRecord again = new GenericData.Record((GenericData.Record) decisions.get(5), true);
    again.put("model_micros", 12_345L);
    decisions.add(again);
    Findings found = judge(new Disturbance(WRITTEN_AT - 1, WRITTEN_AT + 1));
    assertThat(found.rawDuplicates()).isEqualTo(1);
    assertThat(found.good()).isTrue();
  }

  @Test
  void decision_that_was_in_the_last_checkpoint_and_is_repeated_is_a_stray() {
    decisions.add(decisions.get(5));
    Findings found = judge(new Disturbance(WRITTEN_AT + 1, WRITTEN_AT + 2));
    assertThat(found.rawDuplicates()).isEqualTo(1);
    assertThat(found.strayDuplicates()).isEqualTo(1);
    assertThat(found.good()).isFalse();
  }

  @Test
  void second_decision_that_says_something_else_is_a_double() {
    GenericRecord other = new GenericData.Record((GenericData.Record) decisions.get(5), true);
    other.put(
        "decision", "DECLINE".equals(other.get("decision").toString()) ? "APPROVE" : "DECLINE");
    decisions.add(other);
    assertThat(judge().doubled()).isEqualTo(1);
  }

  @Test
  void payment_that_is_decided_and_a_dead_letter_is_a_double() {
    int number = Math.toIntExact(Payments.number(decisions.get(5).get("event_id").toString()));
    letters.add(letter(number, record -> record.put("event_id", Payments.id(number))));
    Findings found = judge();
    assertThat(found.doubled()).isEqualTo(1);
    assertThat(found.good()).isFalse();
  }

  @Test
  void decision_about_what_nobody_sent_is_unknown() {
    decisions.get(5).put("event_id", "p-777777");
    Findings found = judge();
    assertThat(found.unknown()).isEqualTo(1);
    assertThat(found.lost()).isEqualTo(1);
  }

  @Test
  void altered_feature_is_found() {
    GenericRecord altered = decisions.get(5);
    altered.put("customer_count_7d", (Long) altered.get("customer_count_7d") + 1);
    assertThat(judge().featureMismatches()).isEqualTo(1);
  }

  @Test
  void altered_score_is_found() {
    GenericRecord altered = decisions.get(5);
    altered.put("fraud_probability", (Double) altered.get("fraud_probability") + 0.01);
    assertThat(judge().scoreMismatches()).isEqualTo(1);
  }

  @Test
  void altered_decision_is_found() {
    GenericRecord altered = decisions.get(5);
    altered.put("decision", "DECLINE".equals(altered.get("decision")) ? "APPROVE" : "DECLINE");
    assertThat(judge().scoreMismatches()).isEqualTo(1);
  }

  private Findings judge(Disturbance... disturbances) {
    return oracle(disturbances)
        .judge(acknowledged, input, decisions.stream().map(this::record).toList(), letters);
  }

  private Oracle oracle(Disturbance... disturbances) {
    return new Oracle(payment, ROOT.resolve("models/card-fraud").toString(), List.of(disturbances));
  }

  private ConsumerRecord<byte[], byte[]> record(GenericRecord decision) {
    byte[] id = decision.get("event_id").toString().getBytes(UTF_8);
    return new ConsumerRecord<>(
        "decisions",
        0,
        0,
        WRITTEN_AT,
        TimestampType.LOG_APPEND_TIME,
        id.length,
        0,
        id,
        encoded(DECISION, decision),
        new RecordHeaders(),
        Optional.empty());
  }

  private GenericRecord decision(byte[] value, int number, Recomputation history)
      throws IOException {
    GenericRecord one =
        new GenericDatumReader<GenericRecord>(payment)
            .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    GenericRecord decision = new GenericData.Record(DECISION);
    for (Schema.Field field : DECISION.getFields()) {
      decision.put(
          field.pos(),
          switch (field.schema().getType()) {
            case STRING -> "";
            case LONG -> 0L;
            case INT -> 0;
            default -> 0.0;
          });
    }
    payment.getFields().forEach(field -> decision.put(field.name(), one.get(field.name())));
    decision.put("event_id", Payments.id(number));
    history
        .features(
            one.get("customer_id").toString(),
            (Long) one.get("occurred_at"),
            (Double) one.get("amount"))
        .forEach(
            (name, feature) -> {
              boolean count = name.contains("count");
              decision.put(name, count ? (Object) Math.round(feature) : feature);
            });
    return decision;
  }

  /** Gives each decision the score that an oracle misses. */
  private void score() {
    Map<String, Double> scores = oracle().scores(decisions);
    decisions.forEach(
        one -> {
          double score = scores.getOrDefault(one.get("event_id").toString(), Double.NaN);
          one.put("fraud_probability", score);
          one.put("decision", Oracle.decision(score));
        });
  }

  private ConsumerRecord<byte[], byte[]> letter(long number) {
    return letter(number, record -> {});
  }

  private ConsumerRecord<byte[], byte[]> letter(long number, Consumer<GenericRecord> change) {
    GenericRecordBuilder builder = new GenericRecordBuilder(LETTER);
    for (Schema.Field field : LETTER.getFields()) {
      if (!field.hasDefaultValue()) {
        builder.set(field, none(field.schema()));
      }
    }
    GenericRecord letter = builder.build();
    letter.put("origin_partition", 0);
    letter.put("origin_position", number);
    change.accept(letter);
    return new ConsumerRecord<>("deadletters", 0, number, null, encoded(LETTER, letter));
  }

  private static Object none(Schema schema) {
    return switch (schema.getType()) {
      case STRING -> "";
      case LONG -> 0L;
      case INT -> 0;
      case BYTES -> ByteBuffer.allocate(0);
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(0));
      case MAP -> Map.of();
      default -> throw new IllegalArgumentException(schema.toString());
    };
  }

  private static byte[] encoded(Schema schema, GenericRecord record) {
    try {
      ByteBuffer bytes =
          new BinaryMessageEncoder<GenericRecord>(new GenericData(), schema).encode(record);
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
