package dev.millrace.it.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.it.payments.PaymentPipeline;
import dev.millrace.it.payments.PaymentVersions;
import dev.millrace.it.payments.RunningPipeline;
import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose schema changes six times while the pipeline runs on Flink. */
class EvolutionIT {

  private static final int EACH = 200;
  private static final int INCOMPATIBLE = 50;

  @TempDir private Path folder;

  @Test
  void every_version_is_decided_without_a_restart_and_an_incompatible_one_after_a_replay()
      throws Exception {
    try (PaymentPipeline payments = new PaymentPipeline(folder)) {
      Path spec = payments.write("[]");
      List<PaymentVersions> compatible =
          List.of(PaymentVersions.values()).subList(0, PaymentVersions.SYMBOL_ADDED.ordinal() + 1);
      int decided = 0;
      try (RunningPipeline pipeline = RunningPipeline.start(spec, payments.environment())) {
        for (PaymentVersions version : compatible) {
          payments.send(version, 0, EACH);
          decided += EACH;
          pipeline.awaitDecisions(decided);
        }
        // Producers are not changed all at once: the oldest still sends beside the newest.
        payments.send(PaymentVersions.FIRST, EACH, EACH + 10);
        payments.send(PaymentVersions.CUSTOMER_RENAMED, 0, INCOMPATIBLE);
        payments.send(PaymentVersions.SYMBOL_ADDED, EACH, EACH + 10);
        decided += 20;
        pipeline.awaitDecisions(decided);
        checkDeadLetters(pipeline.awaitDeadLetters(INCOMPATIBLE));
        pipeline.decisions().forEach((id, all) -> assertThat(all).as(id).hasSize(1));
        pipeline.decisions().values().forEach(all -> check(all.get(0)));
        assertThat(pipeline.isRunning()).isTrue();
      }

      payments.write("[\"client\"]");
      asIfCommitted(payments, decided + INCOMPATIBLE);
      try (RunningPipeline mended = RunningPipeline.start(spec, payments.environment())) {
        String[] replay = {
          "deadletters", "replay", spec.toString(), "--reason=INCOMPATIBLE_SCHEMA", "--execute"
        };
        assertThat(millrace(payments, replay))
            .startsWith("50 records sent to payments; 0 repeats of them, 0 that cannot be");
        mended.awaitDecisions(decided + INCOMPATIBLE);
        // Sent twice, decided once.
        millrace(payments, replay);
        payments.send(PaymentVersions.FIRST, EACH + 10, EACH + 11);
        mended.awaitDecisions(decided + INCOMPATIBLE + 1);
        mended.decisions().forEach((id, all) -> assertThat(all).as(id).hasSize(1));
        mended.decisions().values().forEach(all -> check(all.get(0)));
        assertThat(mended.deadLetters()).hasSize(INCOMPATIBLE);
      }
    }
  }

  private static void checkDeadLetters(List<DeadLetter> letters) {
    assertThat(letters).hasSize(INCOMPATIBLE);
    for (DeadLetter letter : letters) {
      assertThat(letter.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
      assertThat(letter.message())
          .contains(
              "field 'customer': found none in the writer's schema, expected a string: the contract has no default for it");
    }
  }

  /** Every value is the one that was written, whichever version wrote it. */
  private static void check(GenericRecord decision) {
    String id = decision.get("event_id").toString();
    PaymentVersions version = PaymentVersions.valueOf(id.substring(0, id.indexOf('-')));
    int i = Integer.parseInt(id.substring(id.indexOf('-') + 1));
    String channel = PaymentVersions.channel(version, i);
    double amount = PaymentVersions.amount(version, i);
    assertThat(decision.get("id")).hasToString(id);
    assertThat(decision.get("at")).isEqualTo(PaymentVersions.START + 1_000L * i);
    assertThat(decision.get("customer")).hasToString("customer-" + i % 7);
    assertThat(decision.get("amount")).isEqualTo(amount);
    assertThat(decision.get("currency")).hasToString(version.has("currency") ? "CHF" : "EUR");
    assertThat(decision.get("merchant")).hasToString("merchant-" + i % 11);
    assertThat(String.valueOf(decision.get("note")))
        .isEqualTo(version.has("note") ? "note " + i : "null");
    assertThat(decision.get("channel")).hasToString(channel.equals("WALLET") ? "OTHER" : channel);
    assertThat(decision.get("decision")).hasToString(amount >= 100 ? "REVIEW" : "APPROVE");
  }

  /** The group's position as a checkpoint behind all records would have committed it. */
  private static void asIfCommitted(PaymentPipeline payments, long offset) throws Exception {
    try (AdminClient admin =
        AdminClient.create(Map.of("bootstrap.servers", payments.broker.bootstrapServers()))) {
      admin
          .alterConsumerGroupOffsets(
              "payments",
              Map.of(
                  new TopicPartition(PaymentPipeline.PAYMENTS, 0), new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  private static String millrace(PaymentPipeline payments, String... arguments) {
    StringWriter out = new StringWriter();
    String[] all = new String[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--set";
    all[arguments.length + 1] =
        "events.from.kafka.bootstrapServers=" + payments.broker.bootstrapServers();
    all[arguments.length + 2] = "--set";
    all[arguments.length + 3] = "events.format.avro.registry=" + payments.registry.url();
    int code =
        Millrace.run(new PrintWriter(out, true), new PrintWriter(System.err, true, UTF_8), all);
    assertThat(code).isZero();
    return out.toString();
  }
}
