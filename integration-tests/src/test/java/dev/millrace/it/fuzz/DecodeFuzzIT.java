package dev.millrace.it.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A million mutated payloads of each format, each in a JVM that has 256 MB. */
class DecodeFuzzIT {

  private static final int PAYLOADS = 1_000_000;
  private static final Pattern ENDS = Pattern.compile("(\\d+) events, (\\d+) dead letters (.*), ");

  @ParameterizedTest
  @EnumSource
  void every_payload_is_one_event_or_one_dead_letter(FuzzedFormat format) throws Exception {
    String out = fuzz(format, PAYLOADS, 42);
    System.out.println(out);
    Matcher ends = ENDS.matcher(out);
    assertThat(ends.find()).as(out).isTrue();
    long events = Long.parseLong(ends.group(1));
    long deadLetters = Long.parseLong(ends.group(2));
    assertThat(events + deadLetters).isEqualTo(PAYLOADS);
    assertThat(events).isGreaterThan(PAYLOADS / 20);
    assertThat(deadLetters).isGreaterThan(PAYLOADS / 2);
    assertThat(ends.group(3)).contains("MALFORMED", "TOO_LARGE");
  }

  private static String fuzz(FuzzedFormat format, int count, long seed)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-Xmx256m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Fuzz.class.getName(),
                    format.name(),
                    Integer.toString(count),
                    Long.toString(seed)))
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }
}
