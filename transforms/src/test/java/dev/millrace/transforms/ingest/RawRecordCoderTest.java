package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Origin;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class RawRecordCoderTest {

  @Test
  void a_record_that_an_earlier_version_left_in_state_is_read() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(2);
    out.writeUTF("kafka");
    out.writeUTF("payments");
    out.writeInt(3);
    out.writeLong(42);
    out.writeLong(5);
    byte[] keyAbsentPayloadOfOneByteNoAttributes = {0, 1, 9, 0, 0, 0, 0};
    out.write(keyAbsentPayloadOfOneByteNoAttributes);
    assertThat(CoderUtils.decodeFromByteArray(RawRecordCoder.of(), bytes.toByteArray()))
        .isEqualTo(
            new RawRecord(
                new Origin("kafka", "payments", 3, 42), 5, null, new byte[] {9}, Map.of()));
  }

  @Test
  void fault_is_coded_behind_a_record_and_a_record_as_before_there_were_faults() throws Exception {
    RawRecord record = new RawRecord(Origin.NONE, 5, null, new byte[] {9});
    RawRecord.Fault fault = new RawRecord.Fault(Reason.MALFORMED, "found it damaged");
    byte[] plain = CoderUtils.encodeToByteArray(RawRecordCoder.of(), record);
    byte[] bytes = CoderUtils.encodeToByteArray(RawRecordCoder.of(), record.withFault(fault));
    assertThat(plain[0]).isEqualTo((byte) 3);
    assertThat(bytes[0]).isEqualTo((byte) 4);
    assertThat(bytes).endsWith("found it damaged".getBytes(UTF_8));
    assertThat(Arrays.copyOfRange(bytes, 1, plain.length))
        .isEqualTo(Arrays.copyOfRange(plain, 1, plain.length));
    assertThat(CoderUtils.decodeFromByteArray(RawRecordCoder.of(), bytes).fault()).isEqualTo(fault);
  }

  @Test
  void another_version_is_refused() throws Exception {
    RawRecord record = new RawRecord(Origin.NONE, 5, null, new byte[] {9});
    byte[] bytes = CoderUtils.encodeToByteArray(RawRecordCoder.of(), record);
    byte[] later = Arrays.copyOf(bytes, bytes.length);
    later[0] = 77;
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(RawRecordCoder.of(), later))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("raw record: found version 77, expected 3 or 4");
  }
}
