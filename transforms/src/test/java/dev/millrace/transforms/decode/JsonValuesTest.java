package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.assertRefused;
import static dev.millrace.transforms.decode.Transactions.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.registry.SchemaText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonValuesTest {

  private static final Contract CONTRACT =
      Contract.of(
          SchemaText.of(
              SchemaText.JSON,
              """
              {"type": "object", "required": ["id", "at"], "properties": {
                "id": {"type": "string", "format": "uuid"},
                "at": {"type": "string", "format": "date-time", "x-unit": "micros"},
                "day": {"type": "string", "format": "date"},
                "price": {"type": "number", "format": "decimal", "multipleOf": 0.01, "x-precision": 6},
                "count": {"type": "integer", "format": "int32"},
                "shop": {"type": "object", "required": ["city"], "properties": {
                  "city": {"type": "string"},
                  "owner": {"type": "object", "properties": {
                    "name": {"type": "string", "default": "nobody"}}}}},
                "items": {"type": "array", "items": {"type": "object", "required": ["sku"],
                  "properties": {"sku": {"type": "string", "aliases": ["code"]},
                                 "sizes": {"type": "array", "items": {"type": ["integer", "null"]}}}}},
                "seen": {"type": "object", "additionalProperties": {"type": "string", "format": "date"}}}}
              """),
          "id",
          "at");
  private static final JsonFormat FORMAT = JsonFormat.of(CONTRACT);
  private static final String ID = "123e4567-e89b-12d3-a456-426614174000";

  private static String payload(String fields) {
    return "{\"id\": \"%s\", \"at\": \"2018-04-01T12:00:00.000001Z\"%s}"
        .formatted(ID, fields.isEmpty() ? "" : ", " + fields);
  }

  private static @Nullable Object read(String field, String value) throws Exception {
    Event event = FORMAT.open().decode(raw(payload("\"%s\": %s".formatted(field, value))));
    return event.toRow().getValue(field);
  }

  private static void assertMalformed(String fields, String message) {
    assertRefused(FORMAT, payload(fields).getBytes(UTF_8), Reason.MALFORMED, message);
  }

  @Test
  void records_within_records_lists_and_maps_are_read() throws Exception {
    Event event =
        FORMAT
            .open()
            .decode(
                raw(
                    payload(
                        """
                        "day": "2018-04-01", "price": 12.5, "count": 2.0,
                        "shop": {"city": "Bern", "x": {}, "owner": {}},
                        "items": [{"sku": "a", "sizes": [1, null]}, {"sizes": [], "code": "b"}],
                        "seen": {"b": "2018-01-01", "a": 1}
                        """)));
    Row row = event.toRow();
    assertThat(row.getValues().subList(0, 5))
        .isEqualTo(
            List.of(
                UUID.fromString(ID),
                Instant.parse("2018-04-01T12:00:00.000001Z"),
                LocalDate.of(2018, 4, 1),
                new BigDecimal("12.50"),
                2));
    Row shop = row.getValue("shop");
    Row owner = shop.getValue("owner");
    assertThat(shop.<String>getValue("city")).isEqualTo("Bern");
    assertThat(owner.getValues()).isEqualTo(List.of("nobody"));
    List<Row> items = row.getValue("items");
    assertThat(items.stream().map(Row::getValues))
        .containsExactly(List.of("a", Arrays.asList(1L, null)), List.of("b", List.of()));
    assertThat(row.<Map<String, LocalDate>>getValue("seen"))
        .containsExactly(
            Map.entry("b", LocalDate.of(2018, 1, 1)), Map.entry("a", LocalDate.of(1970, 1, 2)));
    assertThat(event.layout().column("shop.owner.name").getString(event)).isEqualTo("nobody");
  }

  @Test
  void what_is_missing_or_null_is_null() throws Exception {
    RecordDecoder decoder = FORMAT.open();
    decoder.decode(raw(payload("\"shop\": {\"city\": \"Bern\"}, \"items\": [{\"sku\": \"a\"}]")));
    for (String fields :
        List.of("", "\"shop\": null, \"items\": null, \"seen\": null, \"day\": null")) {
      Row row = decoder.decode(raw(payload(fields))).toRow();
      assertThat(row.getValues().subList(2, 8)).containsOnlyNulls();
    }
  }

  @Test
  void decimal_is_exact_or_refused() throws Exception {
    assertThat(read("price", "9999.99")).isEqualTo(new BigDecimal("9999.99"));
    assertThat(read("price", "-1e3")).isEqualTo(new BigDecimal("-1000.00"));
    assertThat(read("price", "\"0.10\"")).isEqualTo(new BigDecimal("0.10"));
    assertThat(read("price", "0e999999999")).isEqualTo(new BigDecimal("0.00"));
    for (String price :
        List.of("10000", "0.001", "1e999999999", "\"1e999999999\"", "1e-999999999")) {
      assertMalformed("\"price\": " + price, "field 'price': found a decimal of precision");
    }
    assertMalformed("\"price\": \"x\"", "field 'price': found text of 1 characters that is none");
  }

  @Test
  void date_beyond_its_range_is_refused() throws Exception {
    assertThat(read("day", "17622")).isEqualTo(LocalDate.of(2018, 4, 1));
    assertMalformed("\"day\": 3000000000", "field 'day': found a number that does not fit");
    assertMalformed("\"day\": \"+999999999-01-01\"", "field 'day': found text of 16 characters");
    assertMalformed("\"day\": \"2018-02-30\"", "field 'day': found text of 10 characters");
  }

  @Test
  void place_of_what_does_not_fit_is_its_path() {
    assertMalformed(
        "\"shop\": {\"owner\": {}}",
        "field 'shop.city': found nothing, expected a string: the contract has no default for it");
    assertMalformed(
        "\"shop\": {\"city\": \"x\", \"owner\": {\"name\": 1}}",
        "field 'shop.owner.name': found a number, expected a string");
    assertMalformed("\"shop\": []", "field 'shop': found an array, expected a record or null");
    assertMalformed(
        "\"items\": [{\"sku\": \"a\"}, {}]",
        "field 'items[].sku': found nothing, expected a string");
    assertMalformed(
        "\"items\": [{\"sku\": \"a\", \"sizes\": [\"b\"]}]",
        "field 'items[].sizes[]': found a string, expected a long or null");
    assertMalformed("\"seen\": {\"a\": null}", "field 'seen[]': found null, expected a date");
    assertMalformed("\"items\": [null]", "field 'items[]': found null, expected a record");
  }

  @Test
  void unknown_fields_are_refused_where_that_was_asked_for() throws Exception {
    JsonFormat strict = FORMAT.withUnknownFields(UnknownFields.REFUSE);
    String known = payload("\"shop\": {\"city\": \"x\"}, \"items\": [{\"code\": \"a\"}]");
    assertThat(strict.open().decode(raw(known)).id()).isEqualTo(ID);
    assertRefused(
        strict,
        payload("\"shop\": {\"city\": \"x\", \"secret\": 1}").getBytes(UTF_8),
        Reason.MALFORMED,
        "payload: found a field that the contract has not, expected one of [city, owner]");
    assertRefused(
        strict,
        payload("\"secret\": 1").getBytes(UTF_8),
        Reason.MALFORMED,
        "expected one of [id, at, day, price, count, shop, items, seen]");
  }

  @Test
  void limits_hold_for_bytes_depth_and_items() throws Exception {
    String two = payload("\"items\": [{\"sku\": \"a\", \"sizes\": [1]}], \"seen\": {\"a\": 1}");
    byte[] bytes = two.getBytes(UTF_8);
    Limits enough = new Limits(bytes.length, 4, 3);
    assertThat(FORMAT.withLimits(enough).open().decode(raw(two)).id()).isEqualTo(ID);
    assertRefused(
        FORMAT.withLimits(enough.withItems(2)),
        bytes,
        Reason.TOO_LARGE,
        "payload: found more than 2 items in lists and maps");
    assertRefused(
        FORMAT.withLimits(enough.withDepth(3)), bytes, Reason.TOO_LARGE, "nesting depth (4)");
    assertRefused(
        FORMAT.withLimits(enough.withBytes(bytes.length - 1)),
        bytes,
        Reason.TOO_LARGE,
        "expected at most " + (bytes.length - 1));
  }
}
