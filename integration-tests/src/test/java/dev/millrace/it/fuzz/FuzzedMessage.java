package dev.millrace.it.fuzz;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A Protobuf message with everything in it that a payload can get wrong. */
final class FuzzedMessage {

  private static final ProtobufSchema SCHEMA =
      ProtobufSchema.of(
          "fuzzed.proto",
          """
          syntax = "proto3";
          import "google/protobuf/timestamp.proto";
          import "google/protobuf/wrappers.proto";
          import "google/protobuf/struct.proto";
          enum Channel { CHIP = 0; WEB = 1; }
          message Merchant { string city = 1; optional double score = 2; }
          message Nothing {}
          message Fuzzed {
            string id = 1;
            google.protobuf.Timestamp at = 2;
            sint64 amount = 3;
            uint64 unsigned = 4;
            fixed32 fixed = 5;
            Channel channel = 6;
            Merchant merchant = 7;
            repeated string tags = 8;
            repeated int32 packed = 9;
            repeated Merchant merchants = 10;
            map<string, int64> limits = 11;
            map<int32, Merchant> by_number = 12;
            oneof choice { string text = 13; Merchant other = 14; bool flag = 15; }
            google.protobuf.StringValue wrapped = 16;
            google.protobuf.Struct rest = 17;
            repeated Nothing nothing = 18;
            bytes raw = 19;
          }
          """,
          Map.of());

  static final Contract CONTRACT = Contract.ofMessage(SCHEMA, "Fuzzed", "id", "at");

  private FuzzedMessage() {}

  static byte[] payload(int i) throws IOException {
    Descriptor type = SCHEMA.message("Fuzzed");
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    TextFormat.merge(
        """
        id: 'id-%d' at { seconds: %d nanos: 5000 } amount: -%d unsigned: 18 fixed: 7 channel: WEB
        merchant { city: 'Zürich' score: 0.5 } tags: 'a' tags: 'é' packed: 1 packed: -1
        merchants { city: 'a' } merchants {} limits { key: 'day' value: 1 } limits { key: 'week' }
        by_number { key: 3 value { city: 'b' } } text: 'x' wrapped { value: 'w' }
        rest { fields { key: 'k' value { list_value { values { number_value: 1 } } } } }
        nothing {} raw: 'raw'
        """
            .formatted(i, 1_700_000_000L + i, i),
        message);
    return message.build().toByteArray();
  }

  /** Items, depth, bytes, and lengths that are not there. */
  static List<byte[]> extreme() {
    byte[] nothings = new byte[600_000];
    for (int i = 0; i < nothings.length; i += 3) {
      nothings[i] = (byte) 0x92;
      nothings[i + 1] = 1;
    }
    byte[] packed = filled(500_000, 1);
    System.arraycopy(new byte[] {0x4a, (byte) 0x9c, (byte) 0xc2, 0x1e}, 0, packed, 0, 4);
    byte[] groups = filled(900_000, 1);
    for (int i = 0; i < groups.length; i += 2) {
      groups[i] = (byte) 0xa3;
    }
    return List.of(
        nothings,
        packed,
        // Groups in groups of a field that nobody knows.
        groups,
        filled(2 << 20, 0),
        new byte[] {0x0a, -1, -1, -1, -1, 7},
        new byte[] {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
        structs());
  }

  /** A list in a list in a list, deeper than any limit. */
  private static byte[] structs() {
    byte[] all = {};
    for (int i = 0; i < 400; i++) {
      byte[] list = behind(0x0a, all);
      all = behind(0x32, list);
    }
    byte[] entry = behind(0x12, all);
    return behind(0x8a, behind(0x0a, entry));
  }

  private static byte[] behind(int tag, byte[] value) {
    byte[] all = Arrays.copyOf(new byte[] {(byte) tag}, value.length + (tag == 0x8a ? 5 : 4));
    int at = 1;
    if (tag == 0x8a) {
      all[at++] = 1;
    }
    // Three bytes hold every length here, of which the upper may be zero.
    all[at++] = (byte) (value.length & 0x7f | 0x80);
    all[at++] = (byte) (value.length >> 7 & 0x7f | 0x80);
    all[at++] = (byte) (value.length >> 14);
    System.arraycopy(value, 0, all, at, value.length);
    return all;
  }

  private static byte[] filled(int length, int value) {
    byte[] all = new byte[length];
    Arrays.fill(all, (byte) value);
    return all;
  }
}
