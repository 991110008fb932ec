package dev.millrace.transforms.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtobufFormatTest {

  private static final Contract CONTRACT =
      Contract.ofMessage(Everything.SCHEMA, "test.Everything", "id", "at");

  @TempDir Path folder;

  private final RecordDecoder decoder = ProtobufFormat.of(CONTRACT).open();

  @Test
  void every_value_is_what_protobuf_java_reads() throws Exception {
    Everything messages = new Everything(1);
    for (int i = 0; i < 3_000; i++) {
      check(i, messages.next().build().toByteArray());
    }
  }

  @Test
  void messages_one_behind_the_other_are_merged_as_protobuf_java_merges_them() throws Exception {
    Everything messages = new Everything(2);
    for (int i = 0; i < 1_000; i++) {
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
      }
      if (event != null && i % 4 == 0) {
        Message read = parse(bad);
        assertThat(Everything.plain(event.toRow()))
            .as("payload %d", i)
            .isEqualTo(Everything.held(read));
      }
    }
    assertThat(decoded).isBetween(20_000, 80_000);
  }

  @Test
  void payload_that_protoc_wrote_is_read() throws Exception {
    Path protoc = Path.of("/usr/bin/protoc");
    assumeTrue(Files.isExecutable(protoc), "no protoc is installed: its payload is not tried");
    assumeTrue(
        Files.exists(Path.of("/usr/include/google/protobuf/any.proto")),
        "no libprotobuf-dev is installed, whose files the payload's imports");
    Path file = Files.writeString(folder.resolve("everything.proto"), Everything.PROTO);
    Path text =
        Files.writeString(
            folder.resolve("message.txt"),
            """
            id: "a" at { seconds: 1700000000 nanos: 7000 } an_int32: -5 a_sint64: -6 a_uint32: 7
            packed: [1, -1, 300] unpacked: [1, -2] by_text { key: "k" value: 9 }
            inner { name: "n" deep { channels: [WEB, CHIP] } } text_choice: "t"
            wrapped_long {} packed_floats: [1.5, -2]
            """);
    Path out = folder.resolve("message.bin");
    int exit =
        new ProcessBuilder(
                protoc.toString(), "-I" + folder, "--encode=test.Everything", file.toString())
            .redirectInput(text.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    assertThat(exit).isZero();
    byte[] payload = Files.readAllBytes(out);
    check(0, payload);
    assertThat(Everything.plain(decode(payload).toRow()))
        .containsEntry("an_int32", -5)
        .containsEntry("wrapped_long", 0L)
        .containsEntry("packed", List.of(1, -1, 300));
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
