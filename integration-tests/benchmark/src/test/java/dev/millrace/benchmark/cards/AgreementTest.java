package dev.millrace.benchmark.cards;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

final class AgreementTest {

  @Test
  void sums_in_another_order_are_the_same() {
    assertThatCode(
            () ->
                Agreement.check("a", of("1", 0.5, "APPROVE"), "b", of("1", 0.5 + 1e-9, "APPROVE")))
        .doesNotThrowAnyException();
  }

  @Test
  void another_score_is_found() {
    assertThatThrownBy(
            () -> Agreement.check("a", of("1", 0.5, "APPROVE"), "b", of("1", 0.51, "APPROVE")))
        .hasMessage("fraud_probability of 1: found 0.51 by b, expected 0.5 as by a");
  }

  @Test
  void another_decision_is_found() {
    assertThatThrownBy(
            () -> Agreement.check("a", of("1", 0.5, "APPROVE"), "b", of("1", 0.5, "DECLINE")))
        .hasMessage("decision of 1: found DECLINE by b, expected APPROVE as by a");
  }

  @Test
  void an_event_that_one_did_not_decide_is_found() {
    assertThatThrownBy(
            () -> Agreement.check("a", of("1", 0.5, "APPROVE"), "b", of("2", 0.5, "APPROVE")))
        .hasMessage("found 1 decisions of a and 1 of b, expected the same events");
  }

  private static Map<String, GenericRecord> of(String id, double score, String decision) {
    GenericRecord record = new GenericData.Record(Stand.decision());
    for (Schema.Field field : Stand.decision().getFields()) {
      switch (field.schema().getType()) {
        case STRING -> record.put(field.pos(), "");
        case INT -> record.put(field.pos(), 0);
        case LONG -> record.put(field.pos(), 0L);
        default -> record.put(field.pos(), 0.0);
      }
    }
    record.put("event_id", id);
    record.put("fraud_probability", score);
    record.put("decision", decision);
    return Map.of(id, record);
  }
}
