package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventTest {

  private static final Schema EVERY_TYPE =
      Schema.builder()
          .addStringField("id")
          .addDateTimeField("at")
          .addNullableBooleanField("yes")
          .addInt32Field("small")
          .addNullableInt64Field("large")
          .addFloatField("rough")
          .addNullableDoubleField("fine")
          .addNullableStringField("text")
          .addByteArrayField("raw")
          .build();
  private static final EventLayout LAYOUT = EventLayout.of(EVERY_TYPE).withIdentity("id", "at");
  private static final Origin ORIGIN = new Origin("kafka", "card.transactions", 3, 42);

  private static Event event(String text) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    // Not in column order, as a reader resolving another schema would set them.
    builder.setBytes(LAYOUT.column("raw"), new byte[] {9, 1, 2, 9}, 1, 2);
    builder.setString(LAYOUT.column("text"), text);
    builder.setString(LAYOUT.column("id"), "tx-1");
    builder.setLong(LAYOUT.column("at"), 1_000);
    builder.setInt(LAYOUT.column("small"), -7);
    builder.setFloat(LAYOUT.column("rough"), 0.5f);
    builder.setDouble(LAYOUT.column("fine"), Math.PI);
    return builder.build("tx-1", 1_000, ORIGIN);
  }

  @Test
  void every_column_reads_back_what_was_set() {
    Event event = event("grüezi");
    assertThat(event.toRow().getValues())
        .containsExactly(
            "tx-1",
            Instant.ofEpochMilli(1_000),
            null,
            -7,
            null,
            0.5f,
            Math.PI,
            "grüezi",
            new byte[] {1, 2});
    assertThat(LAYOUT.column("yes").isNull(event)).isTrue();
    assertThat(LAYOUT.column("large").asDouble(event)).isNaN();
    assertThat(LAYOUT.column("small").asDouble(event)).isEqualTo(-7);
  }

  @Test
  void a_row_and_back_is_the_same_values_and_identity() {
    Event event = event("a");
    Event back = Event.fromRow(LAYOUT, event.toRow());
    assertThat(back.toRow()).isEqualTo(event.toRow());
    assertThat(back.id()).isEqualTo("tx-1");
    assertThat(back.time()).isEqualTo(1_000);
  }

  @Test
  void the_coder_keeps_identity_origin_and_values() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(EventCoder.of(LAYOUT), event("a"));
    CoderProperties.coderSerializable(EventCoder.of(LAYOUT));
  }

  @Test
  void events_of_several_sources_keep_their_own() throws Exception {
    EventCoder coder = EventCoder.of(LAYOUT);
    List<Origin> origins =
        List.of(
            ORIGIN,
            new Origin("kafka", "karte.zahlungen.ä", 3, 42),
            Origin.NONE,
            new Origin("files", "", 0, Long.MAX_VALUE),
            new Origin("pubsub", "karte", 0, 0, "nachricht-ä"),
            new Origin("pubsub", "karte", 0, 0, "nachricht-b"),
            ORIGIN);
    for (Origin origin : origins) {
      Event event =
          new Event(
              LAYOUT, "tx-1".getBytes(UTF_8), 1_000, origin, event("a").parts(), Attempt.FIRST);
      byte[] bytes = CoderUtils.encodeToByteArray(coder, event);
      assertThat(CoderUtils.decodeFromByteArray(coder, bytes)).isEqualTo(event);
    }
  }

  @Test
  void an_event_that_was_sent_again_says_so_behind_what_it_is_otherwise() throws Exception {
    EventCoder coder = EventCoder.of(LAYOUT);
    byte[] first = new byte[coder.length(event("a"))];
    coder.write(event("a"), first, 0);
    for (Attempt attempt : List.of(new Attempt(2, false), new Attempt(70_000, true))) {
      Event again = event("a").withAttempt(attempt);
      byte[] bytes = CoderUtils.encodeToByteArray(coder, again);
      assertThat(coder.length(again)).isEqualTo(first.length + 4);
      Event read = CoderUtils.decodeFromByteArray(coder, bytes);
      assertThat(read).isEqualTo(again).isNotEqualTo(event("a"));
      assertThat(read.attempt()).isEqualTo(attempt);
    }
  }

  @Test
  void origin_is_told_by_its_position_or_by_its_name() {
    assertThat(ORIGIN).hasToString("kafka:card.transactions/3@42");
    assertThat(new Origin("kinesis", "payments", 7, 3, "4959"))
        .hasToString("kinesis:payments/7@4959.3");
  }

  @Test
  void an_event_that_is_cut_off_is_refused() throws Exception {
    byte[] bytes = CoderUtils.encodeToByteArray(EventCoder.of(LAYOUT), event("a"));
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    assertThatThrownBy(() -> EventCoder.of(LAYOUT).decode(new ByteArrayInputStream(cut)))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("found the end within an event of");
  }

  @Test
  void bytes_of_another_layout_version_are_refused() throws Exception {
    Event event = event("a");
    byte[] bytes = CoderUtils.encodeToByteArray(EventCoder.of(LAYOUT), event);
    bytes[bytes.length - blockLength(bytes) + 28] = 77;
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(EventCoder.of(LAYOUT), bytes))
        .hasMessageContaining("event tx-1: found layout version 77, expected 4");
  }

  private static int blockLength(byte[] encoded) throws IOException {
    return VarInt.decodeInt(new ByteArrayInputStream(encoded));
  }

  @Test
  void a_column_that_may_not_be_null_must_be_set() {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("id"), "tx-1");
    assertThatThrownBy(() -> builder.build("tx-1", 0, ORIGIN))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("column 'at' has no value");
  }

  @Test
  void an_extended_event_has_all_columns_whatever_their_number() throws Exception {
    Random random = new Random(1);
    for (int base = 1; base < 40; base++) {
      EventLayout layout = EventLayout.of(randomSchema(random, "a", base));
      EventLayout wider = layout.plus(randomSchema(random, "b", 1 + base % 11).getFields());
      Event event = randomEvent(random, layout, new EventBuilder(layout));
      Event extended = randomEvent(random, wider, new EventBuilder(wider).extend(event));
      assertThat(extended.toRow().getValues().subList(0, base))
          .containsExactlyElementsOf(event.toRow().getValues());
      CoderProperties.coderDecodeEncodeEqual(EventCoder.of(wider), extended);
      assertThat(Event.fromRow(wider, extended.toRow()).toRow()).isEqualTo(extended.toRow());
    }
  }

  @Test
  void columns_may_be_set_in_any_order_and_again() {
    Random random = new Random(2);
    for (int fields = 1; fields < 40; fields++) {
      EventLayout layout = EventLayout.of(randomSchema(random, "a", fields));
      EventBuilder builder = new EventBuilder(layout);
      for (int event = 0; event < 3; event++) {
        @Nullable Object[] expected = new Object[fields];
        for (int i = 0; i < 3 * fields; i++) {
          Column column = layout.columns().get(random.nextInt(fields));
          if (random.nextInt(3) == 0) {
            expected[column.index()] = null;
            builder.setNull(column);
          } else if (column.type() == ColumnType.STRING) {
            expected[column.index()] = "again".repeat(random.nextInt(3)) + i;
            builder.setString(column, "" + expected[column.index()]);
          }
        }
        assertThat(builder.build("e", 0, ORIGIN).toRow().getValues()).containsExactly(expected);
      }
    }
  }

  @Test
  void what_an_extended_event_brought_stays_as_it_is() {
    EventLayout wider = LAYOUT.plus(List.of(Field.of("more", FieldType.STRING)));
    EventBuilder builder = new EventBuilder(wider).extend(event("a"));
    assertThatThrownBy(() -> builder.setString(wider.column("text"), "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "found column 'text' of the event that is extended, expected one that is added");
  }

  @Test
  void a_column_defined_twice_is_refused() {
    assertThatThrownBy(() -> LAYOUT.plus(List.of(Field.of("small", FieldType.INT32))))
        .hasMessageContaining("column 'small' is defined twice");
  }

  @Test
  void an_unknown_column_is_named_with_those_there_are() {
    assertThatThrownBy(() -> LAYOUT.column("amuont"))
        .hasMessage(
            "found column 'amuont', expected one of id, at, yes, small, large, rough, fine, text, raw");
  }

  @Test
  void a_type_that_cannot_be_held_is_refused_by_name() {
    Schema bytes = Schema.builder().addField("age", FieldType.BYTE).build();
    assertThatThrownBy(() -> EventLayout.of(bytes))
        .hasMessageContaining("field 'age': found type BYTE, expected boolean, int");
  }

  private static Schema randomSchema(Random random, String prefix, int fields) {
    FieldType[] types = {FieldType.STRING, FieldType.INT64, FieldType.BOOLEAN, FieldType.FLOAT};
    Schema.Builder schema = Schema.builder();
    for (int i = 0; i < fields; i++) {
      schema.addNullableField(prefix + i, types[random.nextInt(types.length)]);
    }
    return schema.build();
  }

  /** Sets about half of the columns that no base event brought. */
  private static Event randomEvent(Random random, EventLayout layout, EventBuilder builder) {
    for (Column column : layout.columns()) {
      boolean brought = layout.has("b0") && column.name().startsWith("a");
      if (!brought && random.nextBoolean()) {
        switch (column.type()) {
          case STRING -> builder.setString(column, "x".repeat(random.nextInt(5)));
          case INT64 -> builder.setLong(column, random.nextLong());
          case BOOLEAN -> builder.setBoolean(column, true);
          default -> builder.setFloat(column, random.nextFloat());
        }
      }
    }
    return builder.build("e", 0, ORIGIN);
  }
}
