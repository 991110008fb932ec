package dev.millrace.pipelines.schema;

import static dev.millrace.pipelines.schema.CardFraud.avro;
import static dev.millrace.pipelines.schema.CardFraud.transaction;
import static dev.millrace.pipelines.schema.CardFraud.typed;
import static dev.millrace.pipelines.schema.CardFraud.with;
import static dev.millrace.pipelines.schema.CardFraud.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.assembly.PipelinePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes from the last version is told louder than what was so before. */
class UseCheckTest {

  private static final String NULLABLE =
      with(
          transaction(),
          "currency",
          "{'name': 'currency', 'type': ['null', 'string'], 'default': null}");

  @TempDir private Path folder;

  private List<String> check(String contract, String candidate, String last) {
    PipelinePlan plan = CardFraud.plan(folder, contract);
    return UseCheck.findings(
            SchemaField.of(plan.events().record()),
            SchemaField.of(avro(candidate), null),
            SchemaField.of(avro(last), null),
            FieldUses.ofEvents(plan),
            "version 3",
            Set.of())
        .stream()
        .map(each -> each.severity() + " " + each.path() + ": " + each.reason())
        .toList();
  }

  @Test
  void a_field_that_no_version_had_is_a_warning_and_one_that_goes_an_error() {
    String without = without(transaction(), "currency");
    assertThat(check(transaction(), without, without))
        .containsExactly(
            "WARNING currency: found no such field: every event has the contract's default 'EUR', as with version 3");
    assertThat(check(transaction(), without, transaction()))
        .containsExactly(
            "ERROR currency: found no such field: every event has the contract's default 'EUR' from now on");
  }

  @Test
  void a_type_that_is_read_as_another_already_is_only_told() {
    String whole = typed(transaction(), "amount", "'int'");
    assertThat(check(transaction(), whole, whole))
        .containsExactly(
            "INFO amount: found int for double: numbers are whole; is the unit the same?, as with version 3");
  }

  @Test
  void a_field_that_comes_to_be_null_is_an_error_where_an_expression_fails_on_it() {
    assertThat(check(NULLABLE, NULLABLE, transaction()))
        .containsExactly(
            "ERROR currency: found that it may be null, on which 'currency.size() == 3' fails: a dead letter each");
    assertThat(check(NULLABLE, NULLABLE, NULLABLE)).isEmpty();
  }

  @Test
  void a_field_that_the_contract_has_not_is_told_when_it_is_new() {
    String city = with(transaction(), "city", "{'name': 'city', 'type': 'string'}");
    assertThat(check(transaction(), city, transaction())).hasSize(1);
    assertThat(check(transaction(), city, city)).isEmpty();
  }
}
