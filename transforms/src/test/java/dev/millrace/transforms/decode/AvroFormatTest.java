package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.CONTRACT;
import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.SCHEMA;
import static dev.millrace.transforms.decode.Transactions.assertRefused;
import static dev.millrace.transforms.decode.Transactions.avro;
import static dev.millrace.transforms.decode.Transactions.full;
import static dev.millrace.transforms.decode.Transactions.join;
import static dev.millrace.transforms.decode.Transactions.raw;
import static dev.millrace.transforms.decode.Transactions.refused;
import static dev.millrace.transforms.decode.Transactions.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.AvroEventWriter;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.registry.SchemaId;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class AvroFormatTest {

  private static final AvroFormat PLAIN = AvroFormat.of(CONTRACT);
  private static final AvroFormat FRAMED =
      PLAIN.framedBy(new KnownSchemas(Map.of(7, SCHEMA.toString())));

  private static byte[] framed(int id, byte[] record) {
    return join(AvroFrame.confluent(id), record);
  }

  @Test
  void every_type_is_read_with_its_id_time_and_origin() throws Exception {
    for (Event event :
        new Event[] {
          PLAIN.open().decode(raw(avro(full()))), FRAMED.open().decode(raw(framed(7, avro(full()))))
        }) {
      assertThat(values(event))
          .containsExactly(
              "tx-1",
              Instant.ofEpochMilli(NOON),
              57.16,
              "CHF",
              "WEB",
              3156,
              596L,
              null,
              true,
              new byte[] {1, 2});
      assertThat(event.id()).isEqualTo("tx-1");
      assertThat(event.time()).isEqualTo(NOON);
      assertThat(event.origin()).isEqualTo(Transactions.ORIGIN);
    }
  }

  @Test
  void event_written_by_the_contract_is_what_was_read() throws Exception {
    byte[] payload = avro(full());
    Event event = PLAIN.open().decode(raw(payload));
    assertThat(new AvroEventWriter(SCHEMA, CONTRACT.layout()).write(new byte[0], event))
        .isEqualTo(payload);
  }

  @Test
  void mutated_payloads_are_each_one_event_or_one_refusal() throws Exception {
    Random random = new Random(20_261_122);
    int decoded = 0;
    int refused = 0;
    RecordDecoder plain = PLAIN.open();
    RecordDecoder framed = FRAMED.open();
    for (int i = 0; i < 100_000; i++) {
      boolean withFrame = (i & 1) == 0;
      byte[] payload = avro(full());
      byte[] mutated = mutate(withFrame ? framed(7, payload) : payload, random);
      try {
        (withFrame ? framed : plain).decode(raw(mutated));
        decoded++;
      } catch (UndecodableException e) {
        assertThat(e.message()).isNotEmpty();
        refused++;
      }
    }
    assertThat(decoded + refused).isEqualTo(100_000);
    assertThat(decoded).isGreaterThan(20_000);
    assertThat(refused).isGreaterThan(40_000);
    // The decoders are as good as new.
    assertThat(plain.decode(raw(avro(full()))).id()).isEqualTo("tx-1");
    assertThat(framed.decode(raw(framed(7, avro(full())))).id()).isEqualTo("tx-1");
  }

  private static byte[] mutate(byte[] payload, Random random) {
    if (random.nextInt(3) == 0) {
      return Arrays.copyOf(payload, random.nextInt(payload.length));
    }
    int flips = 1 + random.nextInt(3);
    for (int i = 0; i < flips; i++) {
      payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return payload;
  }

  @Test
  void empty_payload_is_refused() {
    assertRefused(PLAIN, new byte[0], Reason.EMPTY, "found no bytes");
    assertRefused(FRAMED, new byte[0], Reason.EMPTY, "found no bytes");
  }

  @Test
  void payload_over_the_limit_is_refused_before_it_is_read() {
    assertRefused(
        PLAIN,
        new byte[10 << 20],
        Reason.TOO_LARGE,
        "found 10485760 bytes, expected at most 1048576");
    byte[] payload = avro(full());
    assertRefused(
        PLAIN.withLimits(Limits.DEFAULT.withBytes(payload.length - 1)),
        payload,
        Reason.TOO_LARGE,
        "at most");
    assertThatThrownBy(() -> PLAIN.withLimits(Limits.DEFAULT.withBytes(0)))
        .hasMessage("limit of bytes: found 0, expected 1 or more");
  }

  @Test
  void other_first_byte_than_the_frames_is_refused() {
    byte[] payload = framed(7, avro(full()));
    payload[0] = 1;
    assertRefused(FRAMED, payload, Reason.MALFORMED, "found first byte 0x01");
    assertRefused(FRAMED, new byte[4], Reason.MALFORMED, "and 4 bytes");
  }

  @Test
  void unknown_schema_id_is_named() {
    UndecodableException e = refused(FRAMED, framed(8, avro(full())));
    assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    assertThat(e.message()).isEqualTo("payload: found schema id 8, expected one that [7] knows");
    assertThat(e.schemaId()).isEqualTo(SchemaId.of(8));
  }

  @Test
  void bytes_behind_the_record_are_refused() {
    assertRefused(
        PLAIN,
        join(avro(full()), new byte[3]),
        Reason.MALFORMED,
        "found 3 bytes behind the record");
  }

  @Test
  void length_that_asks_for_gigabytes_is_refused() {
    // The id's length: 2^30 bytes.
    byte[] length = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x08};
    assertRefused(
        PLAIN,
        join(length, avro(full())),
        Reason.MALFORMED,
        "field 'id': found a length of 1073741824, expected at most");
  }

  @Test
  void text_that_is_not_utf8_is_refused() {
    byte[] payload = avro(full());
    payload[1] = (byte) 0xff;
    assertRefused(PLAIN, payload, Reason.MALFORMED, "field 'id': found bytes that are not UTF-8");
  }

  @Test
  void missing_or_oversized_id_or_time_is_invalid() {
    GenericRecord record = full();
    record.put("id", "");
    assertRefused(PLAIN, avro(record), Reason.INVALID, "field 'id': found an empty text");
    record.put("id", "ü".repeat(501));
    assertRefused(PLAIN, avro(record), Reason.INVALID, "field 'id': found 1002 bytes");
    record.put("id", "tx-1");
    record.put("at", Long.MAX_VALUE);
    assertRefused(PLAIN, avro(record), Reason.INVALID, "field 'at': found 9223372036854775807 ms");
  }

  @Test
  void longest_id_is_taken_and_not_a_number_is_a_number() throws Exception {
    GenericRecord record = full();
    record.put("id", "ü".repeat(500));
    record.put("amount", Double.NaN);
    Event event = PLAIN.open().decode(raw(avro(record)));
    assertThat(event.id()).isEqualTo("ü".repeat(500));
    assertThat(values(event).get(2)).isEqualTo(Double.NaN);
  }
}
