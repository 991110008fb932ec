package dev.millrace.it.matrix;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What all encoders write. */
record Payment(
    String id,
    long at,
    double amount,
    long items,
    String channel,
    @Nullable String note,
    List<String> tags,
    Map<String, String> merchant) {

  static List<Payment> some() {
    return IntStream.range(0, 20)
        .mapToObj(
            i ->
                new Payment(
                    "payment-" + i,
                    1_700_000_000_000L + 1_001L * i,
                    i * 1.25 - 3,
                    (1L << 40) * (i - 9),
                    i % 3 == 0 ? "CHIP" : "WEB",
                    i % 4 == 0 ? null : "note " + i,
                    List.of("a", "é", "").subList(0, i % 4 == 3 ? 0 : i % 4),
                    Map.of("city", "Zürich " + i)))
        .toList();
  }

  /** As {@link CollectDecoded} shows an event. */
  String shown() {
    return "%s %d %s %d %s %s %s %s"
        .formatted(
            id, at, amount, items, channel, note == null ? "" : note, tags, merchant.get("city"));
  }
}
