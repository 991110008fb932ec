package dev.millrace.transforms.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampsTest {

  private static final String[] TIMES = {
    "2024-02-29T23:59:59.123456789Z",
    "1969-12-31 23:59:59.999",
    "0001-01-01T00:00:00+17:59",
    "9999-12-31T23:59:59.1-00:30",
    "2023-02-29T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "1700000000123",
    "2024-01-01T00:00Z",
    "2024-01-01t00:00:00z"
  };

  @Test
  void usual_times_are_read_as_java_reads_them_and_what_is_finer_is_cut_off() {
    assertThat(Timestamps.parse("2024-02-29T23:59:59.1239Z"))
        .hasValue(Instant.parse("2024-02-29T23:59:59.123Z").toEpochMilli());
    assertThat(Timestamps.parse("1969-12-31T23:59:59.9999Z")).hasValue(-1);
    assertThat(Timestamps.parseMicros("1970-01-01T01:00:00.000001+01:00")).hasValue(1);
    assertThat(Timestamps.parse("2023-02-29T00:00:00Z")).isEmpty();
    assertThat(Timestamps.parse("1700000000123")).hasValue(1_700_000_000_123L);
  }

  @Test
  void quick_reader_agrees_with_java_time_wherever_it_reads_at_all() {
    Random random = new Random(3);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      char[] text = TIMES[random.nextInt(TIMES.length)].toCharArray();
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        text[random.nextInt(text.length)] = "0123456789-+:.TZ ".charAt(random.nextInt(17));
      }
      String time = new String(text, 0, text.length - random.nextInt(3));
      for (long units : new long[] {1_000, 1_000_000}) {
        OptionalLong quick = IsoTime.parse(time, units);
        if (quick.isPresent()) {
          assertThat(quick).as(time).isEqualTo(Timestamps.parseAny(time, units));
          read++;
        }
      }
    }
    assertThat(read).isGreaterThan(50_000);
  }
}
