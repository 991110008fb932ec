package dev.millrace.transforms.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordSizeTest {

  private static final int[] LENGTHS = {0, 1, 36, 63, 64, 8191, 8192, 1_000_000, 1_048_576};

  @Test
  void is_what_kafkas_producer_compares_with_its_limit() {
    for (int key : LENGTHS) {
      for (int value : LENGTHS) {
        assertThat(RecordSize.of(new byte[key], new byte[value]))
            .as("key of %d, value of %d", key, value)
            .isEqualTo(kafkas(new byte[key], new byte[value]));
      }
    }
    assertThat(RecordSize.of(null, null)).isEqualTo(kafkas(null, null));
  }

  private static long kafkas(byte @Nullable [] key, byte @Nullable [] value) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE, key, value, new Header[0]);
  }
}
