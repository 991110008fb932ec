package dev.millrace.pipelines.schema;

import static dev.millrace.pipelines.schema.CardFraud.transaction;
import static dev.millrace.pipelines.schema.CardFraud.typed;
import static dev.millrace.pipelines.schema.CardFraud.with;
import static dev.millrace.pipelines.schema.CardFraud.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.schema.SchemaDiff.Change;
import dev.millrace.pipelines.schema.SchemaDiff.Kind;
import dev.millrace.transforms.registry.SchemaText;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaDiffTest {

  private static List<Change> diff(String before, String after) {
    return SchemaDiff.between(
        SchemaField.of(CardFraud.avro(before), null), SchemaField.of(CardFraud.avro(after), null));
  }

  @Test
  void equal_schemas_have_no_difference() {
    assertThat(diff(transaction(), transaction())).isEmpty();
  }

  @Test
  void fields_come_and_go() {
    String city =
        with(
            transaction(), "city", "{'name': 'city', 'type': ['null', 'string'], 'default': null}");
    assertThat(diff(transaction(), city))
        .containsExactly(new Change(Kind.ADDED, "city", "string or null, default null"));
    assertThat(diff(transaction(), without(transaction(), "currency")))
        .containsExactly(new Change(Kind.REMOVED, "currency", "string, default 'EUR'"));
  }

  @Test
  void a_field_with_an_alias_of_the_old_name_was_renamed() {
    String renamed =
        with(
            without(transaction(), "amount"),
            "value",
            "{'name': 'value', 'type': 'double', 'aliases': ['amount']}");
    assertThat(diff(transaction(), renamed))
        .containsExactly(new Change(Kind.RENAMED, "value", "from amount, the same by alias"));
  }

  @Test
  void type_null_and_default_are_changes_of_their_own() {
    String changed = typed(transaction(), "currency", "['null', 'bytes']");
    assertThat(diff(transaction(), changed))
        .containsExactly(
            new Change(Kind.TYPE, "currency", "bytes, was string"),
            new Change(Kind.NULL, "currency", "may be null"),
            new Change(Kind.DEFAULT, "currency", "no default, was default 'EUR'"));
  }

  @Test
  void symbols_are_compared_one_by_one() {
    String type = "{'type': 'enum', 'name': 'Channel', 'symbols': [%s]}";
    assertThat(
            diff(
                typed(transaction(), "channel", type.formatted("'CHIP', 'WEB'")),
                typed(transaction(), "channel", type.formatted("'WEB', 'WALLET'"))))
        .containsExactly(new Change(Kind.SYMBOLS, "channel", "+WALLET -CHIP"));
  }

  @Test
  void what_stands_within_records_lists_and_maps_is_told_by_its_path() {
    String shops =
        "{'type': 'map', 'values': {'type': 'array', 'items': {'type': 'record', 'name': 'Shop', 'fields': [{'name': 'code', 'type': '%s'}]}}}";
    assertThat(
            diff(
                typed(transaction(), "shops", shops.formatted("string")),
                typed(transaction(), "shops", shops.formatted("int"))))
        .containsExactly(new Change(Kind.TYPE, "shops[][].code", "int, was string"));
  }

  @Test
  void a_record_within_itself_ends() {
    String node =
        "{'type': 'record', 'name': 'Node', 'fields': [{'name': 'next', 'type': ['null', 'Node']}]}";
    String schema = typed(transaction(), "node", node);
    assertThat(diff(transaction(), schema))
        .containsExactly(new Change(Kind.ADDED, "node", "record, no default"));
    assertThat(diff(schema, schema)).isEmpty();
  }

  @Test
  void schemas_of_two_languages_can_be_compared() {
    String json =
        """
        {"type": "object", "required": ["id", "amount"], "properties": {
          "id": {"type": "string"}, "amount": {"type": "number"}}}
        """;
    String avro =
        """
        {"type": "record", "name": "R", "fields": [
          {"name": "id", "type": "string"}, {"name": "amount", "type": "float"}]}
        """;
    assertThat(
            SchemaDiff.between(
                SchemaField.of(CardFraud.avro(avro), null),
                SchemaField.of(SchemaText.of(SchemaText.JSON, json), null)))
        .containsExactly(new Change(Kind.TYPE, "amount", "double, was float"));
  }

  @Test
  void a_protobuf_field_is_the_same_by_its_number() {
    String proto =
        """
        syntax = "proto3";
        message Payment {
          string id = 1;
          double amount = 2;
          repeated string tags = 3;
        }
        """;
    String renamed = proto.replace("double amount", "float value").replace("repeated ", "");
    assertThat(
            SchemaDiff.between(
                SchemaField.of(SchemaText.of(SchemaText.PROTOBUF, proto), null),
                SchemaField.of(SchemaText.of(SchemaText.PROTOBUF, renamed), null)))
        .contains(
            new Change(Kind.RENAMED, "value", "from amount, the same by number 2"),
            new Change(Kind.TYPE, "value", "float, was double"),
            new Change(Kind.TYPE, "tags", "string, was list"));
  }
}
