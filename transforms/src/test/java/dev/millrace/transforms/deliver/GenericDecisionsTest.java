package dev.millrace.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.MicrosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.apache.beam.sdk.schemas.logicaltypes.UuidLogicalType;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class GenericDecisionsTest {

  private static final String HEAD =
      "{\"event_id\":\"e1\",\"event_time\":\"1970-01-01T00:00:05Z\",\"origin_transport\":\"kafka\","
          + "\"origin_source\":\"payments\",\"origin_partition\":2,\"origin_position\":7,"
          + "\"origin_message\":\"\",\"pipeline\":\"p\",\"feature_version\":\"v\"";

  @Test
  void every_type_is_as_people_write_it() {
    Schema schema =
        Schema.builder()
            .addBooleanField("yes")
            .addInt32Field("small")
            .addInt64Field("big")
            .addDoubleField("real")
            .addFloatField("single")
            .addStringField("text")
            .addByteArrayField("bytes")
            .addDateTimeField("at")
            .addLogicalTypeField("precisely", new MicrosInstant())
            .addLogicalTypeField("day", SqlTypes.DATE)
            .addLogicalTypeField("uuid", new UuidLogicalType())
            .addLogicalTypeField("money", FixedPrecisionNumeric.of(9, 2))
            .addArrayField("list", FieldType.STRING)
            .addMapField("map", FieldType.STRING, FieldType.INT64)
            .addNullableStringField("missing")
            .addNullableInt64Field("present")
            .build();
    EventLayout layout = EventLayout.of(schema);
    EventBuilder event = new EventBuilder(layout);
    set(event, layout, "yes", true);
    set(event, layout, "small", -3);
    set(event, layout, "big", Long.MAX_VALUE);
    set(event, layout, "real", 0.1);
    set(event, layout, "single", 2.5f);
    set(event, layout, "text", "\"né\"\n");
    set(event, layout, "bytes", new byte[] {0, 1, -1});
    set(event, layout, "at", Instant.ofEpochMilli(1_500));
    set(event, layout, "precisely", java.time.Instant.ofEpochSecond(1, 2_000));
    set(event, layout, "day", LocalDate.of(2026, 2, 28));
    set(event, layout, "uuid", new UUID(1, 2));
    set(event, layout, "money", new BigDecimal("12.30"));
    set(event, layout, "list", List.of("a", "b"));
    set(event, layout, "map", Map.of("k", 4L));
    set(event, layout, "present", 0L);
    assertThat(json(layout, event))
        .isEqualTo(
            HEAD
                + ",\"yes\":true,\"small\":-3,\"big\":9223372036854775807,\"real\":0.1,\"single\":2.5,"
                + "\"text\":\"\\\"né\\\"\\n\",\"bytes\":\"AAH/\",\"at\":\"1970-01-01T00:00:01.500Z\","
                + "\"precisely\":\"1970-01-01T00:00:01.000002Z\",\"day\":\"2026-02-28\","
                + "\"uuid\":\"00000000-0000-0001-0000-000000000002\",\"money\":12.30,"
                + "\"list\":[\"a\",\"b\"],\"map\":{\"k\":4},\"missing\":null,\"present\":0}");
  }

  @Test
  void number_that_json_does_not_have_is_text() {
    EventLayout layout =
        EventLayout.of(Schema.builder().addDoubleField("a").addFloatField("b").build());
    EventBuilder event = new EventBuilder(layout);
    set(event, layout, "a", Double.NaN);
    set(event, layout, "b", Float.NEGATIVE_INFINITY);
    assertThat(json(layout, event)).isEqualTo(HEAD + ",\"a\":\"NaN\",\"b\":\"-Infinity\"}");
  }

  @Test
  void record_is_an_object_or_null() {
    Schema shop = Schema.builder().addStringField("city").build();
    EventLayout layout =
        EventLayout.of(Schema.builder().addNullableField("shop", FieldType.row(shop)).build());
    EventBuilder event = new EventBuilder(layout);
    assertThat(json(layout, event)).isEqualTo(HEAD + ",\"shop\":null}");
    event.setPresent(layout.column("shop"));
    set(event, layout, "shop.city", "Paris");
    assertThat(json(layout, event)).isEqualTo(HEAD + ",\"shop\":{\"city\":\"Paris\"}}");
  }

  private static void set(EventBuilder event, EventLayout layout, String column, Object value) {
    event.setValue(layout.column(column), value);
  }

  private static String json(EventLayout layout, EventBuilder builder) {
    Event event = builder.build("e1", 5_000, new Origin("kafka", "payments", 2, 7, ""));
    return new String(new GenericDecisions("p", "v", layout).json(event), UTF_8);
  }
}
