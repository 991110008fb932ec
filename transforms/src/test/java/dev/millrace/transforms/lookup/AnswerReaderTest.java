package dev.millrace.transforms.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.lookup.Answer.Found;
import dev.millrace.transforms.lookup.Answer.Invalid;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerReaderTest {

  private static final LookupColumns ALL =
      new LookupColumns(
          List.of(
              LookupColumn.of("s", LookupType.STRING, "text"),
              LookupColumn.of("i", LookupType.INT, "whole"),
              LookupColumn.of("d", LookupType.DOUBLE, "number"),
              LookupColumn.of("b", LookupType.BOOL, "flag"),
              LookupColumn.of("t", LookupType.TIMESTAMP, "since")),
          "status");

  /** An event with what was answered behind its id. */
  static Row row(LookupColumns columns, Answer answer) {
    EventLayout layout = EventLayout.of(Schema.builder().addStringField("id").build());
    EventBuilder builder = new EventBuilder(layout);
    builder.setString(layout.column("id"), "e1");
    Event event = builder.build("e1", 0, Origin.NONE);
    return event.with(layout.plus(columns.fields()), ((Found) answer).part()).toRow();
  }

  private static Answer json(LookupColumns columns, String json) {
    return JsonRecord.answer(json.replace('\'', '"').getBytes(UTF_8), new AnswerReader(columns));
  }

  @Test
  void every_type_becomes_a_column_of_its_own_behind_the_events() {
    Instant since = Instant.parse("2026-01-02T03:04:05Z");
    Object[] expected = {"e1", "x", 7L, 2.5, true, since, "FOUND"};
    assertThat(
            row(
                    ALL,
                    json(
                        ALL,
                        "{'text': 'x', 'whole': 7, 'number': 2.5, 'flag': true, 'since': '2026-01-02T03:04:05Z'}"))
                .getValues())
        .containsExactly(expected);
    Map<String, Object> cells =
        Map.of(
            "text",
            "x",
            "whole",
            "7",
            "number",
            "2.5",
            "flag",
            "1",
            "since",
            "2026-01-02T03:04:05Z");
    assertThat(row(ALL, new AnswerReader(ALL).text(cells::get)).getValues())
        .containsExactly(expected);
  }

  @Test
  void numbers_of_json_fit_as_far_as_nothing_is_lost() {
    LookupColumns columns =
        new LookupColumns(List.of(LookupColumn.of("d", LookupType.DOUBLE, "d")), null);
    assertThat(row(columns, json(columns, "{'d': 3}")).getDouble("d")).isEqualTo(3.0);
    assertThat(json(columns, "{'d': 1e999}"))
        .isEqualTo(
            new Invalid("field 'd': found a value of type Double, expected a finite number"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'v': '5'} | INT | text of 1 characters",
        "{'v': 5.5} | INT | a value of type Double",
        "{'v': 5.0} | INT | a value of type Double",
        "{'v': 9223372036854775808} | INT | a value of type BigInteger",
        "{'v': 5} | STRING | a value of type Integer",
        "{'v': 'true'} | BOOL | text of 4 characters",
        "{'v': 'yesterday'} | TIMESTAMP | text of 9 characters",
        "{'v': {}} | STRING | something of type ObjectNode",
        "{'v': null} | STRING | none",
        "{} | STRING | none"
      })
  void value_of_another_type_is_named_without_being_told(
      String record, LookupType type, String found) {
    LookupColumns columns = new LookupColumns(List.of(LookupColumn.of("c", type, "v")), null);
    assertThat(json(columns, record))
        .isEqualTo(
            new Invalid("field 'v': found %s, expected %s".formatted(found, type.expected())));
  }

  @Test
  void bytes_that_are_no_object_are_named_by_their_kind() {
    assertThat(json(ALL, "[1]"))
        .isEqualTo(new Invalid("found JSON of type ARRAY, expected a JSON object"));
    assertThat(json(ALL, "{'text': 'secret"))
        .isEqualTo(new Invalid("found 16 bytes that are no JSON, expected an object"));
    assertThat(json(ALL, "{} {}"))
        .isEqualTo(new Invalid("found 5 bytes that are no JSON, expected an object"));
    assertThat(json(ALL, "")).isEqualTo(new Invalid("found no JSON, expected a JSON object"));
  }

  @Test
  void field_that_is_null_takes_the_default_and_the_record_is_found() {
    assertThat(row(FakeServer.COLUMNS, json(FakeServer.COLUMNS, "{'limit': null}")).getValues())
        .containsExactly("e1", "NONE", 0.0, "FOUND");
  }

  @Test
  void default_of_another_type_is_refused() {
    assertThatThrownBy(
            () -> LookupColumn.of("credit", LookupType.DOUBLE, "limit").withDefault("none"))
        .hasMessage("default of 'credit': found 'none', expected a finite number");
  }
}
