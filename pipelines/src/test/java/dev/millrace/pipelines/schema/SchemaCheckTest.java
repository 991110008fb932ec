package dev.millrace.pipelines.schema;

import static dev.millrace.pipelines.schema.CardFraud.avro;
import static dev.millrace.pipelines.schema.CardFraud.transaction;
import static dev.millrace.pipelines.schema.CardFraud.typed;
import static dev.millrace.pipelines.schema.CardFraud.with;
import static dev.millrace.pipelines.schema.CardFraud.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.schema.SchemaTarget.Stream;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.registry.SchemaText;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the card-fraud pipeline is told of each kind of change, without a registry. */
class SchemaCheckTest {

  private static final String MEANS =
      "the features customer_mean_1d, customer_mean_7d, customer_mean_30d";
  private static final String AMOUNT_USES =
      "; used by the rules 'amount > 0.0'; "
          + MEANS
          + "; the model's inputs amount, customer_mean_1d, customer_mean_7d, customer_mean_30d";
  private static final String CURRENCY_USES = "; used by the rules 'currency.size() == 3'";
  private static final String ENUM =
      "{'name': 'channel', 'type': {'type': 'enum', 'name': 'Channel', 'symbols': [%s]%s}}";

  @TempDir private Path folder;

  private List<String> check(String contract, String candidate, String... overrides) {
    PipelinePlan plan = CardFraud.plan(folder, contract, overrides);
    return lines(plan, Stream.EVENTS, candidate);
  }

  private static List<String> lines(PipelinePlan plan, Stream stream, String candidate) {
    SchemaTarget target = SchemaTarget.of(plan.spec(), stream);
    return SchemaCheck.of(plan, target, avro(candidate)).report().findings().stream()
        .map(each -> each.severity() + " " + each.path() + ": " + each.text())
        .toList();
  }

  private List<String> check(String candidate) {
    return check(transaction(), candidate);
  }

  @Test
  void the_contract_itself_is_beyond_reproach() {
    assertThat(check(transaction())).isEmpty();
  }

  @Test
  void a_new_field_is_passed_over() {
    assertThat(check(with(transaction(), "city", "{'name': 'city', 'type': 'string'}")))
        .containsExactly(
            "INFO city: found a new field, string: the contract has it not, so it is passed over");
  }

  @Test
  void a_field_without_a_default_may_not_go() {
    assertThat(check(without(transaction(), "amount")))
        .containsExactly(
            "ERROR amount: found no such field, expected a double: the contract has no default for it"
                + AMOUNT_USES);
  }

  @Test
  void a_field_that_goes_leaves_its_default_for_every_event() {
    assertThat(check(without(transaction(), "currency")))
        .containsExactly(
            "ERROR currency: found no such field: every event has the contract's default 'EUR' from now on"
                + CURRENCY_USES);
  }

  @Test
  void features_and_model_inputs_that_would_become_constant_are_named() {
    String contract =
        with(transaction(), "amount", "{'name': 'amount', 'type': 'double', 'default': 0.0}");
    assertThat(check(contract, without(transaction(), "amount")))
        .containsExactly(
            "ERROR amount: found no such field: every event has the contract's default 0.0 from now on"
                + AMOUNT_USES);
  }

  @Test
  void a_default_of_a_field_that_nothing_uses_is_only_told() {
    String contract =
        with(transaction(), "city", "{'name': 'city', 'type': 'string', 'default': ''}");
    assertThat(check(contract, transaction()))
        .containsExactly(
            "INFO city: found no such field: every event has the contract's default '' from now on");
  }

  @Test
  void a_renamed_field_is_read_by_an_alias_or_guessed() {
    String contract =
        with(transaction(), "amount", "{'name': 'amount', 'type': 'double', 'aliases': ['value']}");
    String renamed =
        with(without(transaction(), "amount"), "value", "{'name': 'value', 'type': 'double'}");
    assertThat(check(contract, renamed))
        .containsExactly(
            "INFO amount: found 'value', which the contract knows as another name of it");
    String misspelt =
        with(
            without(transaction(), "currency"),
            "currencey",
            "{'name': 'currencey', 'type': 'string'}");
    assertThat(check(misspelt))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "ERROR currency: found no such field (did you mean 'currencey'?): every"));
  }

  @Test
  void the_key_of_history_names_the_features_that_it_keeps_apart() {
    assertThat(check(typed(transaction(), "terminal_id", "'long'")))
        .containsExactly(
            "ERROR terminal_id: found long, expected a string; used by the key of"
                + " terminal_count_1d, terminal_frauds_1d, terminal_count_7d, terminal_frauds_7d,"
                + " terminal_count_30d, terminal_frauds_30d; the computed columns terminal_risk_1d,"
                + " terminal_risk_7d, terminal_risk_30d; the model's inputs terminal_count_1d,"
                + " terminal_risk_1d, terminal_count_7d, terminal_risk_7d, terminal_count_30d,"
                + " terminal_risk_30d");
  }

  @Test
  void id_and_time_are_named_as_such() {
    assertThat(check(without(without(transaction(), "transaction_id"), "occurred_at")))
        .containsExactly(
            "ERROR transaction_id: found no such field, expected a string: the contract has no default for it; used by the id",
            "ERROR occurred_at: found no such field, expected a timestamp (ISO-8601 or epoch milliseconds): the contract has no default for it; used by the event time; the computed columns weekend, night; the model's inputs weekend, night");
  }

  @Test
  void a_number_of_another_type_shifts_a_feature() {
    assertThat(check(typed(transaction(), "amount", "'int'")))
        .containsExactly(
            "WARNING amount: found int for double: numbers are whole; is the unit the same?"
                + AMOUNT_USES);
    assertThat(check(typed(transaction(), "amount", "'long'")))
        .containsExactly(
            "WARNING amount: found long for double: numbers are whole, and above 2^53 rounded; is the unit the same?"
                + AMOUNT_USES);
    assertThat(check(typed(transaction(), "amount", "'float'")))
        .containsExactly(
            "WARNING amount: found float for double: numbers have 7 digits, so 0.1 is read as 0.10000000149011612"
                + AMOUNT_USES);
  }

  @Test
  void a_text_where_a_number_was_is_refused() {
    assertThat(check(typed(transaction(), "amount", "'string'")))
        .containsExactly("ERROR amount: found string, expected a double" + AMOUNT_USES);
  }

  @Test
  void null_where_the_contract_has_none_is_refused() {
    assertThat(check(typed(transaction(), "amount", "['null', 'double']")))
        .containsExactly(
            "ERROR amount: found null among a union of [null, double], expected a double"
                + AMOUNT_USES);
  }

  @Test
  void null_on_which_an_expression_fails_is_told() {
    String contract =
        with(
            transaction(),
            "currency",
            "{'name': 'currency', 'type': ['null', 'string'], 'default': null}");
    assertThat(check(contract, contract))
        .containsExactly(
            "WARNING currency: found that it may be null, on which 'currency.size() == 3' fails: a dead letter each"
                + CURRENCY_USES);
    assertThat(check(contract, contract, "validate=[\"currency == null || currency.size() == 3\"]"))
        .isEmpty();
  }

  @Test
  void a_time_keeps_its_moment_in_another_unit_and_not_as_a_plain_number() {
    String micros = "{'type': 'long', 'logicalType': 'timestamp-micros'}";
    assertThat(check(typed(transaction(), "occurred_at", micros)))
        .containsExactly(
            "INFO occurred_at: found timestamp-micros for timestamp-millis: the moment stays, to the millisecond");
    assertThat(check(typed(transaction(), "occurred_at", "'long'")))
        .containsExactly(
            "WARNING occurred_at: found long for timestamp-millis: the number is taken for milliseconds, whatever it was meant for; used by the event time; the computed columns weekend, night; the model's inputs weekend, night");
  }

  @Test
  void a_decimal_of_another_scale_loses_digits_or_events() {
    String decimal = "{'type': 'bytes', 'logicalType': 'decimal', 'precision': %d, 'scale': %d}";
    String contract = typed(transaction(), "fee", decimal.formatted(9, 2));
    assertThat(check(contract, typed(transaction(), "fee", decimal.formatted(12, 4))))
        .containsExactly(
            "INFO fee: found decimal(12, 4) for decimal(9, 2): what has more than 2 digits behind the point becomes a dead letter, what has more than 7 before it becomes a dead letter");
    String used = "history.0.features.fee_mean_1d={ mean: fee, over: 1d }";
    assertThat(check(contract, typed(transaction(), "fee", decimal.formatted(7, 0)), used))
        .containsExactly(
            "WARNING fee: found decimal(7, 0) for decimal(9, 2): 0 digits behind the point instead of 2; used by the features fee_mean_1d");
  }

  @Test
  void symbols_are_refused_or_become_the_default() {
    String rule = "validate=[\"channel != 'FAX'\"]";
    String closed = with(transaction(), "channel", ENUM.formatted("'CHIP', 'WEB'", ""));
    String more = with(transaction(), "channel", ENUM.formatted("'CHIP', 'WEB', 'FAX'", ""));
    String open =
        with(transaction(), "channel", ENUM.formatted("'CHIP', 'WEB'", ", 'default': 'WEB'"));
    assertThat(check(closed, more, rule))
        .containsExactly(
            "ERROR channel: found the symbols [FAX], expected one of [CHIP, WEB]; used by the rules 'channel != 'FAX''");
    assertThat(check(open, more, rule))
        .containsExactly(
            "WARNING channel: found other symbols: the symbols [FAX] are read as WEB; used by the rules 'channel != 'FAX''");
    assertThat(check(more, closed, rule))
        .containsExactly(
            "WARNING channel: found other symbols: the symbols [FAX] are not written any more; used by the rules 'channel != 'FAX''");
  }

  @Test
  void fields_within_records_are_told_by_their_path() {
    String merchant =
        "{'name': 'merchant', 'type': {'type': 'record', 'name': 'Merchant', 'fields': [%s]}}";
    String country = "{'name': 'country', 'type': 'string', 'default': 'XX'}";
    String contract = with(transaction(), "merchant", merchant.formatted(country));
    String candidate =
        with(transaction(), "merchant", merchant.formatted("{'name': 'city', 'type': 'string'}"));
    assertThat(check(contract, candidate, "validate=[\"merchant.country != 'XX'\"]"))
        .containsExactly(
            "ERROR merchant.country: found no such field: every event has the contract's default 'XX' from now on; used by the rules 'merchant.country != 'XX''",
            "INFO merchant.city: found a new field, string: the contract has it not, so it is passed over");
  }

  @Test
  void a_label_that_is_not_written_any_more_names_its_features() {
    PipelinePlan plan = CardFraud.plan(folder, transaction());
    assertThat(lines(plan, Stream.LABELS, without(CardFraud.contract("label.avsc"), "fraud")))
        .containsExactly(
            "ERROR fraud: found no such field, expected a boolean: the contract has no default for it;"
                + " used by the features terminal_frauds_1d, terminal_frauds_7d, terminal_frauds_30d;"
                + " the computed columns terminal_risk_1d, terminal_risk_7d, terminal_risk_30d;"
                + " the model's inputs terminal_risk_1d, terminal_risk_7d, terminal_risk_30d");
  }

  @Test
  void a_type_that_no_contract_can_hold_is_passed_over() {
    String odd =
        "{'name': 'odd', 'type': ['int', 'string', {'type': 'array', 'items': 'Transaction'}]}";
    assertThat(check(with(transaction(), "odd", odd)))
        .containsExactly(
            "INFO odd: found a new field, int or string or list: the contract has it not, so it is passed over");
  }

  @Test
  void another_language_than_the_payloads_is_refused() {
    PipelinePlan plan = CardFraud.plan(folder, transaction());
    SchemaTarget target = SchemaTarget.of(plan.spec(), Stream.EVENTS);
    assertThatThrownBy(() -> SchemaCheck.of(plan, target, SchemaText.of("JSON", "{}")))
        .hasMessage(
            "candidate: found a schema in JSON, expected AVRO, as the payloads of events have");
  }

  @Test
  void labels_that_are_no_stream_have_no_schema() {
    PipelinePlan plan = CardFraud.plan(folder, transaction());
    assertThat(SchemaTarget.of(plan.spec(), Stream.LABELS).subject()).contains("card.labels-value");
    assertThatThrownBy(() -> SchemaTarget.of(CardFraud.withoutLabels(plan.spec()), Stream.LABELS))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("found no stream of labels, expected one for --of=labels");
  }
}
