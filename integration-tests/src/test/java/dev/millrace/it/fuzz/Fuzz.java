package dev.millrace.it.fuzz;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.decode.RecordDecoder;
import dev.millrace.transforms.decode.UndecodableException;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes mutated payloads in a JVM of its own: {@code Fuzz FORMAT COUNT SEED}. Ends with 0 when
 * each was an event or one dead letter; any other exception ends it with the payload's number.
 */
public final class Fuzz {

  private static final int EVERY = 1_000;

  private Fuzz() {}

  public static void main(String[] arguments) throws IOException {
    FuzzedFormat format = FuzzedFormat.valueOf(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    long seed = Long.parseLong(arguments[2]);
    Mutations mutations = new Mutations(seed, format.good());
    List<byte[]> extreme = format.extreme();
    RecordDecoder decoder = format.format().open();
    Map<Reason, Long> refused = new EnumMap<>(Reason.class);
    long decoded = 0;
    for (long i = 0; i < count; i++) {
      // Now and then one that reaches for a limit, among the others.
      byte[] payload =
          i % EVERY == 0 ? extreme.get((int) (i / EVERY % extreme.size())) : mutations.next();
      try {
        decoder.decode(new RawRecord(new Origin("fuzz", format.name(), 0, i), 0, null, payload));
        decoded++;
      } catch (UndecodableException e) {
        refused.merge(e.reason(), 1L, Long::sum);
      } catch (RuntimeException | Error e) {
        throw new IllegalStateException(
            "payload %d of %s, seed %d: found %s".formatted(i, format, seed, e), e);
      }
    }
    long dead = refused.values().stream().mapToLong(n -> n).sum();
    System.out.printf(
        "%s: %d payloads, %d events, %d dead letters %s, %d MB at most%n",
        format, count, decoded, dead, refused, Runtime.getRuntime().maxMemory() >> 20);
    if (decoded + dead != count) {
      throw new IllegalStateException(
          "found %d ends of %d payloads".formatted(decoded + dead, count));
    }
  }
}
