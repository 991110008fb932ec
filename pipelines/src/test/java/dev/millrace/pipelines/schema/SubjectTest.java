package dev.millrace.pipelines.schema;

import static dev.millrace.pipelines.schema.CardFraud.avro;
import static dev.millrace.pipelines.schema.CardFraud.transaction;
import static dev.millrace.pipelines.schema.CardFraud.typed;
import static dev.millrace.pipelines.schema.CardFraud.with;
import static dev.millrace.pipelines.schema.CardFraud.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.schema.Subject.Version;
import dev.millrace.transforms.registry.SchemaText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Confluent's modes over versions of the payments' schema. */
class SubjectTest {

  private static final String CITY = "{'name': 'city', 'type': 'string'}";
  private static final String CITY_OR_NONE = "{'name': 'city', 'type': 'string', 'default': ''}";

  private static List<String> findings(
      CompatibilityMode mode, String candidate, String... versions) {
    List<Version> all = new ArrayList<>();
    for (String each : versions) {
      all.add(new Version(all.size() + 1, avro(each)));
    }
    Subject subject = new Subject("payments-value", mode, mode, all, List.of());
    return subject.findings(avro(candidate)).stream()
        .map(each -> each.path() + ": " + each.reason())
        .toList();
  }

  @Test
  void backward_the_candidate_reads_the_last_version() {
    String added = with(transaction(), "city", CITY);
    assertThat(findings(CompatibilityMode.BACKWARD, added, transaction()))
        .containsExactly(
            "city: cannot read what version 1 wrote: reader field missing default value (city)");
    assertThat(findings(CompatibilityMode.FORWARD, added, transaction())).isEmpty();
    String withDefault = with(transaction(), "city", CITY_OR_NONE);
    assertThat(findings(CompatibilityMode.FULL, withDefault, transaction())).isEmpty();
  }

  @Test
  void forward_the_last_version_reads_the_candidate() {
    String removed = without(transaction(), "amount");
    assertThat(findings(CompatibilityMode.FORWARD, removed, transaction()))
        .containsExactly(
            "amount: cannot be read by version 1: reader field missing default value (amount)");
    assertThat(findings(CompatibilityMode.BACKWARD, removed, transaction())).isEmpty();
  }

  @Test
  void full_is_both() {
    String other = typed(transaction(), "amount", "'string'");
    assertThat(findings(CompatibilityMode.FULL, other, transaction()))
        .containsExactly(
            "amount: cannot read what version 1 wrote: type mismatch (reader type: STRING not compatible with writer type: DOUBLE)",
            "amount: cannot be read by version 1: type mismatch (reader type: DOUBLE not compatible with writer type: STRING)");
    assertThat(findings(CompatibilityMode.NONE, other, transaction())).isEmpty();
  }

  @Test
  void transitive_is_every_version() {
    String first = transaction();
    String second = with(first, "city", CITY_OR_NONE);
    String candidate = with(first, "city", CITY);
    assertThat(findings(CompatibilityMode.BACKWARD, candidate, first, second)).isEmpty();
    assertThat(findings(CompatibilityMode.BACKWARD_TRANSITIVE, candidate, first, second))
        .containsExactly(
            "city: cannot read what version 1 wrote: reader field missing default value (city)");
  }

  @Test
  void a_place_within_records_lists_and_unions_is_told_by_its_path() {
    String list =
        "{'type': 'array', 'items': {'type': 'record', 'name': 'Shop', 'fields': [{'name': 'code', 'type': '%s'}]}}";
    for (String type : List.of(list, "['null', " + list + "]")) {
      String first = typed(transaction(), "shops", type.formatted("string"));
      String candidate = typed(transaction(), "shops", type.formatted("int"));
      // Of a union Avro says only that it lacks the branch.
      assertThat(findings(CompatibilityMode.BACKWARD, candidate, first))
          .singleElement()
          .asString()
          .startsWith(type.equals(list) ? "shops[].code: cannot read" : "shops: cannot read");
    }
  }

  @Test
  void a_version_in_another_language_is_an_error() {
    Subject subject =
        new Subject(
            "payments-value",
            CompatibilityMode.BACKWARD,
            CompatibilityMode.BACKWARD,
            List.of(new Version(4, SchemaText.of(SchemaText.JSON, "{}"))),
            List.of());
    assertThat(subject.findings(avro(transaction())))
        .containsExactly(Finding.of(Severity.ERROR, "", "version 4 is in JSON"));
  }

  @Test
  void of_other_languages_the_registry_is_the_judge_by_its_own_mode() {
    SchemaText json = SchemaText.of(SchemaText.JSON, "{}");
    Subject own =
        new Subject(
            "s",
            CompatibilityMode.FULL,
            CompatibilityMode.FULL,
            List.of(new Version(1, json)),
            List.of("a property is gone"));
    assertThat(own.isJudged(json)).isTrue();
    assertThat(own.findings(json))
        .containsExactly(
            Finding.of(Severity.ERROR, "", "the registry objects: a property is gone"));
    Subject other =
        new Subject("s", CompatibilityMode.FULL, CompatibilityMode.BACKWARD, List.of(), List.of());
    assertThat(other.isJudged(json)).isFalse();
    assertThat(other.isJudged(avro(transaction()))).isTrue();
  }
}
