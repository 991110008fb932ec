package dev.millrace.transforms.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProtobufFormatTest {

  private static final Contract CONTRACT =
      Contract.ofMessage(Everything.SCHEMA, "test.Everything", "id", "at");

  private final RecordDecoder decoder = ProtobufFormat.of(CONTRACT).open();

  @Test
  void every_value_is_what_protobuf_java_reads() throws Exception {
    Everything messages = new Everything(1);
    for (int i = 0; i < 5_000; i++) {
      check(i, messages.next().build().toByteArray());
    }
  }

  @Test
  void messages_one_behind_the_other_are_merged_as_protobuf_java_merges_them() throws Exception {
    Everything messages = new Everything(2);
    for (int i = 0; i < 3_000; i++) {
      byte[] first = messages.next().build().toByteArray();
      byte[] second = messages.next().build().toByteArray();
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      check(i, both);
    }
  }

  @Test
  void damaged_bytes_are_one_event_as_protobuf_java_reads_it_or_undecodable() throws Exception {
    Everything messages = new Everything(3);
    Random random = new Random(3);
    int decoded = 0;
    byte[] good = messages.next().build().toByteArray();
    for (int i = 0; i < 100_000; i++) {
      if (i % 20 == 0) {
        good = messages.next().build().toByteArray();
      }
      byte[] bad =
          Arrays.copyOf(good, random.nextInt(8) > 0 ? good.length : random.nextInt(good.length));
      for (int n = random.nextInt(4); n > 0 && bad.length > 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      Event event = decodeOrNull(bad);
      if (event != null) {
        decoded++;
        Message read = parse(bad);
        assertThat(Everything.plain(event.toRow()))
            .as("payload %d", i)
            .isEqualTo(Everything.held(read));
      }
    }
    assertThat(decoded).isBetween(20_000, 80_000);
  }

  private @Nullable Event decodeOrNull(byte[] payload) {
    try {
      return decode(payload);
    } catch (UndecodableException e) {
      return null;
    }
  }

  private void check(int number, byte[] payload) throws Exception {
    assertThat(Everything.plain(decode(payload).toRow()))
        .as("message %d", number)
        .isEqualTo(Everything.held(parse(payload)));
  }

  private static Message parse(byte[] payload) throws InvalidProtocolBufferException {
    return DynamicMessage.parseFrom(Everything.MESSAGE, payload);
  }

  private Event decode(byte[] payload) throws UndecodableException {
    return decoder.decode(new RawRecord(Origin.NONE, 0, null, payload));
  }
}
