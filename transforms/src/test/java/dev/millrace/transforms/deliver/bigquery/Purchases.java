package dev.millrace.transforms.deliver.bigquery;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Decided purchases with a value of every type that a contract can have. */
final class Purchases {

  static final long NOON = 1_522_584_000_000L;
  static final UUID BASKET = UUID.fromString("3f0cbb6e-6a44-4d5e-9a64-0123456789ab");

  private static final String FIELDS =
      """
      {"name": "id", "type": "string"},
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
      {"name": "paid", "type": "boolean"},
      {"name": "items", "type": "int"},
      {"name": "customer", "type": "long"},
      {"name": "weight", "type": "float"},
      {"name": "amount", "type": "double"},
      {"name": "channel", "type": {"type": "enum", "name": "Channel", "symbols": ["CHIP", "WEB"]}},
      {"name": "basket", "type": {"type": "string", "logicalType": "uuid"}},
      {"name": "raw", "type": "bytes"},
      {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
      {"name": "due", "type": {"type": "int", "logicalType": "date"}},
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
      {"name": "rate", "type": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 20}},
      {"name": "note", "type": ["null", "string"]},
      {"name": "tags", "type": ["null", {"type": "array", "items": ["null", "string"]}]},
      {"name": "scores", "type": {"type": "map", "values": "double"}},
      {"name": "shop", "type": ["null", {"type": "record", "name": "Shop", "fields": [
        {"name": "name", "type": "string"},
        {"name": "opened", "type": ["null", {"type": "int", "logicalType": "date"}]}]}]},
      {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
        {"name": "article", "type": "string"},
        {"name": "count", "type": "int"}]}}}
      """;

  static final Schema SCHEMA =
      new Schema.Parser()
          .parse("{\"type\":\"record\",\"name\":\"Purchase\",\"fields\":[" + FIELDS + "]}");

  static final EventLayout LAYOUT = Contract.of(SCHEMA, "id", "at").layout();

  private final String id;
  private @Nullable String note = "gift";
  private @Nullable List<@Nullable String> tags = List.of("new", "web");
  private boolean shop = true;

  private Purchases(String id) {
    this.id = id;
  }

  static Purchases purchase(String id) {
    return new Purchases(id);
  }

  Purchases note(String note) {
    this.note = note;
    return this;
  }

  Purchases tagged(@Nullable String... tags) {
    this.tags = Arrays.asList(tags);
    return this;
  }

  Purchases bare() {
    note = null;
    tags = null;
    shop = false;
    return this;
  }

  Event event() {
    EventBuilder builder = new EventBuilder(LAYOUT);
    values()
        .forEach(
            (name, value) -> {
              Column column = LAYOUT.column(name);
              builder.setValue(column, value);
            });
    return builder
        .build(new Origin("kafka", "purchases", 3, 17))
        .withIdentity(id.getBytes(java.nio.charset.StandardCharsets.UTF_8), NOON);
  }

  private Map<String, @Nullable Object> values() {
    FieldType line = LAYOUT.column("lines").fieldType().getCollectionElementType();
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("id", id);
    all.put("at", org.joda.time.Instant.ofEpochMilli(NOON));
    all.put("paid", true);
    all.put("items", 2);
    all.put("customer", 9_007_199_254_740_993L);
    all.put("weight", 0.25f);
    all.put("amount", 12.5);
    all.put("channel", channel("WEB"));
    all.put("basket", BASKET);
    all.put("raw", new byte[] {0, -1});
    all.put("seen", Instant.parse("1969-12-31T23:59:59.999999Z"));
    all.put("due", LocalDate.of(2018, 4, 30));
    all.put("price", new BigDecimal("-12.34"));
    all.put("rate", new BigDecimal("0.00000000000000000001"));
    all.put("note", note);
    all.put("tags", tags);
    all.put("scores", Map.of("model", 0.75));
    all.put("shop", shop ? true : null);
    all.put("shop.name", shop ? "Corner" : null);
    all.put("shop.opened", null);
    all.put("lines", List.of(Row.withSchema(line.getRowSchema()).addValues("pen", 2).build()));
    return all;
  }

  private static EnumerationType.Value channel(String symbol) {
    return LAYOUT
        .column("channel")
        .fieldType()
        .getLogicalType(EnumerationType.class)
        .valueOf(symbol);
  }
}
