package dev.millrace.it.fuzz;

import dev.millrace.transforms.contract.Contract;
import org.apache.avro.Schema;

/** A contract with everything in it that a payload can get wrong. */
final class FuzzedContract {

  static final String FIELDS =
      """
      {"name": "id", "type": "string"},
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
      {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
      {"name": "on", "type": {"type": "int", "logicalType": "date"}},
      {"name": "session", "type": {"type": "string", "logicalType": "uuid"}},
      {"name": "channel", "type": {"type": "enum", "name": "Channel", "symbols": ["CHIP", "WEB"]}},
      {"name": "merchant", "type": ["null", {"type": "record", "name": "Merchant", "fields": [
        {"name": "city", "type": "string"}, {"name": "score", "type": ["null", "double"]}]}], "default": null},
      {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
      {"name": "basket", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
        {"name": "sku", "type": "string"}, {"name": "count", "type": "int"}]}}, "default": []},
      {"name": "limits", "type": {"type": "map", "values": "long"}, "default": {}},
      {"name": "nothing", "type": {"type": "array", "items": {"type": "record", "name": "Nothing", "fields": []}}, "default": []},
      {"name": "ok", "type": "boolean", "default": true}
      """;

  static final Schema SCHEMA =
      new Schema.Parser()
          .parse("{\"type\": \"record\", \"name\": \"Fuzzed\", \"fields\": [" + FIELDS + "]}");

  static final Contract CONTRACT = Contract.of(SCHEMA, "id", "at");

  private FuzzedContract() {}
}
