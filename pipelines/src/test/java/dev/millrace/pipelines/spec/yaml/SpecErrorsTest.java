package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads who got a specification wrong, word for word. */
class SpecErrorsTest {

  @TempDir Path folder;

  private SpecText spec() {
    return SpecText.in(folder);
  }

  @Test
  void a_misspelt_key_is_recognised() {
    assertThat(spec().with("eventTime: paid_at", "evenTime: paid_at").problems())
        .containsExactly(
            "p.yaml:9:3: found the unknown key 'evenTime', expected one of from, format, id,"
                + " eventTime, deduplicateWithin, allowedLateness for events (did you mean"
                + " 'eventTime'?)");
  }

  @Test
  void a_key_like_no_other_gets_the_list_alone() {
    assertThat(spec().plus("colour: blue\n").problems())
        .containsExactly(
            "p.yaml:20:1: found the unknown key 'colour', expected one of pipeline, events, labels,"
                + " validate, history, lookup, compute, infer, decide, to, deadLetters");
  }

  @Test
  void independent_problems_are_reported_together() {
    assertThat(
            spec()
                .with("pipeline: payments", "pipelin: payments")
                .with("over: 1d", "over: one day")
                .with("otherwise: APPROVE", "othewise: APPROVE")
                .plus("validate: amount\ncompute: { a-b: 1, c: [] }\n")
                .problems())
        .containsExactly(
            "p.yaml:1:1: found the unknown key 'pipelin', expected one of pipeline, events, labels,"
                + " validate, history, lookup, compute, infer, decide, to, deadLetters (did you mean"
                + " 'pipeline'?)",
            "p.yaml:20:11: found 'amount', expected a list for validate",
            "p.yaml:13:40: found 'one day', expected a duration such as 250ms, 30s, 15m, 1h or 7d"
                + " for history.0.features.count_1d.over",
            "p.yaml:21:12: found the name 'a-b', expected a column's name of letters, digits and"
                + " '_'",
            "p.yaml:21:20: found a list, expected text for compute.c",
            "p.yaml:18:3: found the unknown key 'othewise', expected one of field, rules, otherwise"
                + " for decide (did you mean 'otherwise'?)");
  }

  @Test
  void a_missing_key_is_named_at_the_map_that_lacks_it() {
    assertThat(spec().with("      topic: payments\n", "").problems())
        .containsExactly("p.yaml:4:5: found no 'topic', expected one for events.from.kafka");
    assertThat(spec().with("pipeline: payments\n", "").problems())
        .containsExactly("p.yaml:1:1: found no 'pipeline', expected one");
  }

  @Test
  void a_key_given_twice_is_refused() {
    assertThat(spec().plus("events: {}\n").problems())
        .containsExactly(
            "p.yaml:20:1: found 'events' a second time, the first is at p.yaml:2:1, expected it"
                + " once");
  }

  @Test
  void the_wrong_kind_of_value_is_named() {
    assertThat(spec().with("id: payment_id", "id: [payment_id]").problems())
        .containsExactly(
            "p.yaml:8:3: found a list, expected a column's name of letters, digits and '_', or a path"
                + " of them for events.id");
    assertThat(spec().with("id: payment_id", "id: payment..id").problems())
        .containsExactly(
            "p.yaml:8:7: found 'payment..id', expected a column's name of letters, digits and '_',"
                + " or a path of them for events.id");
    assertThat(spec().with("topic: payments", "topic: { name: payments }").problems())
        .containsExactly("p.yaml:6:7: found a map, expected text for events.from.kafka.topic");
    assertThat(spec().with("topic: payments", "topic: ''").problems())
        .containsExactly(
            "p.yaml:6:14: found empty text, expected text for events.from.kafka.topic");
    assertThat(spec().with("{ kafka: { topic: decisions } }", "decisions").problems())
        .containsExactly(
            "p.yaml:19:5: found 'decisions', expected a map with one of kafka, eventHubs, pubsub, kinesis, files, bigQuery, http, redis for to");
  }

  @Test
  void a_key_with_nothing_behind_it_is_not_taken_for_left_out() {
    assertThat(spec().plus("deadLetters:\n").problems())
        .containsExactly(
            "p.yaml:20:13: found nothing, expected a map with one of kafka, eventHubs, pubsub, kinesis, files, bigQuery, http, redis for deadLetters");
  }

  @Test
  void a_name_that_could_not_be_a_file_is_refused() {
    assertThat(spec().with("pipeline: payments", "pipeline: all payments").problems())
        .containsExactly(
            "p.yaml:1:11: found 'all payments', expected a name of letters, digits, '-' and '_' for"
                + " pipeline");
  }

  @Test
  void a_number_out_of_range_or_no_number_is_refused() {
    for (String wrong : new String[] {"0", "many", "1.5", "99999999999"}) {
      assertThat(
              spec().with("  - key: customer_id", "  - cap: " + wrong + "\n    key: c").problems())
          .containsExactly(
              "p.yaml:11:10: found '%s', expected a whole number from 1 to 1000000 for history.0.cap"
                  .formatted(wrong));
    }
  }

  @Test
  void a_source_is_one_of_several() {
    assertThat(spec().with("  format:", "    files: { path: x }\n  format:").problems())
        .containsExactly(
            "p.yaml:3:3: found 'kafka' and 'files', expected exactly one of kafka, eventHubs, pubsub, kinesis, files for"
                + " events.from");
    assertThat(spec().with("kafka: { topic: decisions }", "").problems())
        .containsExactly(
            "p.yaml:19:1: found none of them, expected exactly one of kafka, eventHubs, pubsub, kinesis, files, bigQuery, http, redis for to");
    assertThat(spec().with("{ kafka: { topic: decisions } }", "{ kafak: {} }").problems())
        .containsExactly(
            "p.yaml:19:7: found the unknown key 'kafak', expected one of kafka, eventHubs, pubsub, kinesis, files, bigQuery, http, redis, when, orderBy for to (did"
                + " you mean 'kafka'?)");
  }

  @Test
  void what_is_not_built_yet_is_not_taken_for_a_mistake() {
    assertThat(spec().with("count: events", "distinct: terminal_id").problems())
        .containsExactly(
            "p.yaml:13:19: found 'distinct', which is not supported yet, expected one of count,"
                + " sum, mean, min, max, stddev, last, of, where, over, delay for"
                + " history.0.features.count_1d");
  }

  @Test
  void a_word_out_of_a_fixed_choice_is_suggested() {
    assertThat(spec().with("count: events", "count: event").problems())
        .containsExactly(
            "p.yaml:13:26: found 'event', expected one of events, labels (did you mean 'events'?)"
                + " for history.0.features.count_1d.count");
  }

  @Test
  void a_feature_over_no_time_is_refused() {
    assertThat(spec().with("over: 1d", "over: 0s").problems())
        .containsExactly("p.yaml:13:40: found over 0ms, expected more than nothing");
  }

  @Test
  void of_does_not_stand_beside_count() {
    assertThat(spec().with("over: 1d", "over: 1d, of: labels").problems())
        .containsExactly(
            "p.yaml:13:48: found 'of' beside 'count', expected 'count: events' or 'count: labels'"
                + " alone");
  }

  @Test
  void lateness_beyond_the_memory_of_ids_is_explained() {
    assertThat(
            spec()
                .with("eventTime: paid_at", "eventTime: paid_at\n  allowedLateness: 36h")
                .problems())
        .containsExactly(
            "p.yaml:10:20: found allowedLateness 36h, expected at most deduplicateWithin (1d): a"
                + " repeat that is later than that could not be recognised and would count twice");
  }

  @Test
  void confluent_framing_needs_a_registry() {
    assertThat(spec().with("payment.avsc", "payment.avsc, framing: confluent").problems())
        .containsExactly(
            "p.yaml:7:54: found framing 'confluent' without a registry, expected a registry that"
                + " knows the schema ids, or framing 'none'");
  }

  @Test
  void a_registrys_password_in_plain_text_is_refused_and_not_repeated() {
    assertThat(
            spec()
                .with("payment.avsc", "payment.avsc, registry: { url: http://r, password: hush }")
                .problems())
        .containsExactly(
            "p.yaml:7:82: found a secret in plain text, expected where it is to be had:"
                + " secret:env:NAME or secret:file:PATH for events.format.avro.registry.password");
    assertThat(
            spec()
                .with(
                    "payment.avsc",
                    "payment.avsc, registry: { url: http://r, token: secret:gcp:t }")
                .problems())
        .containsExactly(
            "p.yaml:7:79: found a secret of Google's Secret Manager (secret:gcp:), which is not"
                + " supported yet, expected secret:env:NAME or secret:file:PATH for"
                + " events.format.avro.registry.token");
  }

  @Test
  void a_registry_is_asked_in_one_way_and_by_whole_pairs() {
    assertThat(
            spec()
                .with("payment.avsc", "payment.avsc, registry: { url: http://r, user: me }")
                .problems())
        .containsExactly(
            "p.yaml:7:45: found a user alone, expected a user and a password, or a token");
    assertThat(
            spec()
                .with("payment.avsc", "payment.avsc, registry: { url: http://r, keyStore: k.p12 }")
                .problems())
        .containsExactly(
            "p.yaml:7:45: found no 'keyStorePassword', expected one for"
                + " events.format.avro.registry");
    assertThat(
            spec()
                .with(
                    "payment.avsc", "payment.avsc, registry: { url: schemas, token: secret:env:T }")
                .problems())
        .containsExactly(
            "p.yaml:7:45: found a login or certificates for a folder of schemas, expected them for"
                + " an http(s) address");
  }

  @Test
  void framing_is_one_that_the_format_has() {
    assertThat(spec().with("payment.avsc", "payment.avsc, framing: header").problems())
        .containsExactly(
            "p.yaml:7:54: found 'header', expected one of confluent, headers, pubsub, singleObject,"
                + " none (did you mean 'headers'?) for events.format.avro.framing");
    assertThat(
            spec()
                .with(
                    "avro: { contract: payment.avsc",
                    "json: { contract: c.json, framing: singleObject")
                .problems())
        .containsExactly(
            "p.yaml:7:48: found framing 'singleObject', which is Avro's, expected one of confluent,"
                + " headers, pubsub, none");
  }

  @Test
  void limits_are_whole_numbers_of_some_size() {
    assertThat(
            spec()
                .with("payment.avsc", "payment.avsc, limits: { bytes: 0, depth: 1001, item: 1 }")
                .problems())
        .containsExactly(
            "p.yaml:7:78: found the unknown key 'item', expected one of bytes, depth, items for"
                + " events.format.avro.limits (did you mean 'items'?)",
            "p.yaml:7:62: found '0', expected a whole number from 1 to 2147483647 for"
                + " events.format.avro.limits.bytes");
  }

  @Test
  void labels_of_the_events_have_no_format_of_their_own() {
    assertThat(spec().plus("labels: { from: events, format: { json: {} } }\n").problems())
        .containsExactly(
            "p.yaml:20:25: found 'format' for labels that are a column of the events, expected"
                + " 'from' alone");
  }

  @Test
  void a_feature_over_labels_needs_labels() {
    assertThat(spec().with("count: events", "count: labels").problems())
        .containsExactly(
            "p.yaml:13:7: found a feature over labels in a pipeline without labels, expected a"
                + " section 'labels' or a feature over events");
  }

  @Test
  void two_columns_of_one_name_are_refused() {
    assertThat(spec().plus("compute:\n  decision: \"1\"\n").problems())
        .containsExactly(
            "p.yaml:15:10: found 'decision', which compute.decision has already, expected another"
                + " name");
  }

  @Test
  void an_input_given_twice_is_refused() {
    assertThat(
            spec().plus("infer: { model: m, inputs: [a, b, a], outputs: { p: q } }\n").problems())
        .containsExactly("p.yaml:20:20: found the input 'a' twice, expected it once");
  }

  @Test
  void a_sink_in_kafka_needs_servers_when_the_events_have_none() {
    assertThat(
            spec()
                .with(
                    """
                        kafka:
                          bootstrapServers: broker:9092
                          topic: payments
                    """,
                    "    files: { path: payments.avro }\n")
                .problems())
        .containsExactly("p.yaml:17:7: found no 'bootstrapServers', expected one for to.kafka");
  }

  @Test
  void a_setting_given_in_two_forms_is_refused() {
    assertThat(
            spec()
                .with("topic: decisions", "topic: d, settings: { a.b: 1, a: { b: 2 } }")
                .problems())
        .containsExactly("p.yaml:19:54: found '2', expected it once for to.kafka.settings.a.b");
  }

  @Test
  void password_for_kafka_in_plain_text() {
    assertThat(
            spec()
                .with("topic: decisions", "topic: d, settings: { ssl.key.password: hunter2 }")
                .problems())
        .containsExactly(
            "p.yaml:19:26: Kafka setting 'ssl.key.password' is refused: found a secret in plain text,"
                + " expected where it is to be had: secret:env:NAME or secret:file:PATH; write"
                + " ssl.key.password: secret:env:NAME");
  }

  @Test
  void delivery_that_does_not_go_with_the_rest() {
    assertThat(spec().with("topic: decisions", "topic: d, delivery: atMostOnce").problems())
        .containsExactly(
            "p.yaml:19:36: found 'atMostOnce', expected one of atLeastOnce, exactlyOnce"
                + " (did you mean 'atLeastOnce'?) for to.kafka.delivery");
    assertThat(spec().with("topic: decisions", "topic: d, sinkId: s").problems())
        .containsExactly(
            "p.yaml:19:34: found a sinkId for delivery atLeastOnce, expected none, or delivery"
                + " exactlyOnce");
  }

  @Test
  void a_path_that_no_file_can_have_is_refused() {
    assertThat(spec().with("payment.avsc", "\"a\\0b\"").problems())
        .containsExactly(
            "p.yaml:7:31: found 'a\0b', expected a path for events.format.avro.contract");
  }
}
