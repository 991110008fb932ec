package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.kinesis.retrieval.kpl.Messages.AggregatedRecord;
import software.amazon.kinesis.retrieval.kpl.Messages.Tag;

class UserRecordTest {

  private static final byte[] MAGIC = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2};

  private static final AggregatedRecord PACKED =
      AggregatedRecord.newBuilder()
          .addPartitionKeyTable("c-1")
          .addPartitionKeyTable("c-ä")
          .addExplicitHashKeyTable("17")
          .addRecords(record(1, "one").setExplicitHashKeyIndex(0))
          .addRecords(record(0, "two").addTags(Tag.newBuilder().setKey("k").setValue("v")))
          .addRecords(record(0, ""))
          .build();

  @Test
  void records_that_amazons_library_packed_are_unpacked_with_their_keys() throws Exception {
    List<UserRecord> records = UserRecord.of(kinesis(packed(PACKED.toByteArray())));
    assertThat(records).extracting(UserRecord::partitionKey).containsExactly("c-ä", "c-1", "c-1");
    assertThat(records).extracting(UserRecord::number).containsExactly(0, 1, 2);
    assertThat(records)
        .extracting(record -> new String(record.data(), UTF_8))
        .containsExactly("one", "two", "");
  }

  @Test
  void what_is_not_packed_stays_as_it_is() throws Exception {
    byte[] damaged = packed(PACKED.toByteArray());
    damaged[10] ^= 1;
    byte[] keyless =
        packed(AggregatedRecord.newBuilder().addRecords(record(0, "x")).build().toByteArray());
    byte[] text = packed("{\"id\": 1}".getBytes(UTF_8));
    for (byte[] bytes : new byte[][] {new byte[0], MAGIC, new byte[] {1}, damaged, keyless, text}) {
      List<UserRecord> records = UserRecord.of(kinesis(bytes));
      assertThat(records).hasSize(1);
      assertThat(records.get(0).partitionKey()).isEqualTo("key");
      assertThat(records.get(0).data()).isEqualTo(bytes);
    }
  }

  private static software.amazon.kinesis.retrieval.kpl.Messages.Record.Builder record(
      int key, String data) {
    return software.amazon.kinesis.retrieval.kpl.Messages.Record.newBuilder()
        .setPartitionKeyIndex(key)
        .setData(ByteString.copyFromUtf8(data));
  }

  private static Record kinesis(byte[] data) {
    return Record.builder().partitionKey("key").data(SdkBytes.fromByteArray(data)).build();
  }

  private static byte[] packed(byte[] message) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(MAGIC);
    out.write(message);
    out.write(MessageDigest.getInstance("MD5").digest(message));
    return out.toByteArray();
  }
}
