package dev.millrace.it.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.event.AvroFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A format, good payloads of it, and payloads that reach for its limits. */
enum FuzzedFormat {
  AVRO {
    @Override
    RecordFormat format() {
      return AvroFormat.of(FuzzedContract.CONTRACT).asSingleObjects();
    }

    @Override
    List<byte[]> good() throws IOException {
      List<byte[]> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(single(avro(i, i % 5)));
      }
      return all;
    }

    @Override
    List<byte[]> extreme() throws IOException {
      return List.of(
          single(avro(1, 100_001)),
          single(new byte[2 << 20]),
          // A string, a block and a map that say they have more than there is.
          single(new byte[] {(byte) 0xfe, -1, -1, -1, 15}),
          single(endless()));
    }
  },
  JSON {
    @Override
    RecordFormat format() {
      return JsonFormat.of(FuzzedContract.CONTRACT);
    }

    @Override
    List<byte[]> good() {
      return IntStream.range(0, 50)
          .mapToObj(i -> json(i, "[" + "\"a\",".repeat(i % 5) + "\"é\"]").getBytes(UTF_8))
          .toList();
    }

    @Override
    List<byte[]> extreme() {
      return List.of(
          json(1, "[" + "\"\",".repeat(100_001) + "\"\"]").getBytes(UTF_8),
          json(1, "[".repeat(100_000)).getBytes(UTF_8),
          json(1, "[\"" + "x".repeat(2 << 20) + "\"]").getBytes(UTF_8),
          json(1, "[]").replace("12.34", "1e999999999").getBytes(UTF_8),
          json(1, "[]").replace("12.34", "9".repeat(900_000)).getBytes(UTF_8));
    }
  },
  PROTOBUF {
    @Override
    RecordFormat format() {
      return ProtobufFormat.of(FuzzedMessage.CONTRACT);
    }

    @Override
    List<byte[]> good() throws IOException {
      List<byte[]> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(FuzzedMessage.payload(i));
      }
      return all;
    }

    @Override
    List<byte[]> extreme() throws IOException {
      return FuzzedMessage.extreme();
    }
  };

  abstract RecordFormat format();

  abstract List<byte[]> good() throws IOException;

  /** Payloads that a limit must stop: bytes, depth, items, lengths that are not there. */
  abstract List<byte[]> extreme() throws IOException;

  private static byte[] single(byte[] record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(AvroFrame.singleObject(FuzzedContract.SCHEMA));
    out.writeBytes(record);
    return out.toByteArray();
  }

  private static byte[] avro(int i, int nothings) throws IOException {
    Schema schema = FuzzedContract.SCHEMA;
    GenericRecord record = new GenericData.Record(schema);
    record.put("id", "id-" + i);
    record.put("at", 1_700_000_000_000L + i);
    record.put("amount", ByteBuffer.wrap(BigInteger.valueOf(1234L * i).toByteArray()));
    record.put("on", 19_000 + i);
    record.put("session", "0b8f3c1e-4a52-4a1e-9f0a-%012d".formatted(i));
    record.put("channel", new GenericData.EnumSymbol(schema.getField("channel").schema(), "WEB"));
    GenericRecord merchant =
        new GenericData.Record(schema.getField("merchant").schema().getTypes().get(1));
    merchant.put("city", "Zürich");
    merchant.put("score", i % 3 == 0 ? null : 0.5);
    record.put("merchant", i % 4 == 0 ? null : merchant);
    record.put("tags", List.of("a", "é"));
    Schema item = schema.getField("basket").schema().getElementType();
    GenericRecord bought = new GenericData.Record(item);
    bought.put("sku", "sku");
    bought.put("count", i);
    record.put("basket", List.of(bought, bought));
    record.put("limits", Map.of("day", 1L, "week", 2L));
    Schema nothing = schema.getField("nothing").schema().getElementType();
    record.put(
        "nothing",
        IntStream.range(0, nothings).mapToObj(n -> new GenericData.Record(nothing)).toList());
    record.put("ok", i % 2 == 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** A record whose list of records without bytes says that it has 2^60 of them. */
  private static byte[] endless() throws IOException {
    byte[] good = avro(1, 0);
    // The last two bytes are the empty list and the boolean.
    byte[] all = Arrays.copyOf(good, good.length + 8);
    long count = 1L << 61;
    int at = good.length - 2;
    for (; (count & ~0x7fL) != 0; count >>>= 7) {
      all[at++] = (byte) ((count & 0x7f) | 0x80);
    }
    all[at] = (byte) count;
    return all;
  }

  private static String json(int i, String tags) {
    return """
        {"id": "id-%d", "at": %d, "amount": 12.34, "on": "2024-02-29",
         "session": "0b8f3c1e-4a52-4a1e-9f0a-%012d", "channel": "CHIP",
         "merchant": {"city": "Z\\u00fcrich", "score": null},
         "basket": [{"sku": "a", "count": 1}, {"sku": "b", "count": 2}],
         "limits": {"day": 1, "week": 2}, "nothing": [{}, {}], "ok": true, "extra": [[{}]],
         "tags": %s}"""
        .formatted(i, 1_700_000_000_000L + i, i, tags);
  }
}
