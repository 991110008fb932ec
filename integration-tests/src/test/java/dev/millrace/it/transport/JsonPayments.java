package dev.millrace.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.transforms.deliver.DecisionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;

/** Payments as JSON, and a pipeline that counts a customer's: the same over every transport. */
public final class JsonPayments {

  private static final int CUSTOMERS = 7;

  private JsonPayments() {}

  /** Of as many euros as its number is; from 50 on it is reviewed. */
  static String payment(int number) {
    return "{\"id\": \"p-%d\", \"at\": \"2026-03-01T10:00:%02dZ\", \"customer\": \"c-%d\", \"amount\": %d}"
        .formatted(number, number % 60, number % CUSTOMERS, number);
  }

  static String decision(int number) {
    return number < 50 ? "APPROVE" : "REVIEW";
  }

  static List<String> payments(int from, int to) {
    return IntStream.range(from, to).mapToObj(JsonPayments::payment).toList();
  }

  /** What is to be decided about the first so many. */
  static Map<String, Set<String>> expected(int payments) {
    Map<String, Set<String>> expected = new TreeMap<>();
    for (int i = 0; i < payments; i++) {
      expected.put("p-" + i, Set.of(decision(i)));
    }
    return expected;
  }

  /**
   * Of each payment all that was ever decided about it.
   *
   * @param id what a transport knows a record by: that of its payment
   */
  static <T> Map<String, Set<String>> decided(
      PipelineSpec spec, List<T> records, Function<T, byte[]> value, Function<T, String> id)
      throws IOException {
    BinaryMessageDecoder<GenericRecord> decoder =
        new BinaryMessageDecoder<>(
            new GenericData(),
            DecisionSchema.of(spec.pipeline(), PipelinePlan.of(spec).decisions()));
    Map<String, Set<String>> decided = new TreeMap<>();
    for (T record : records) {
      GenericRecord decision = decoder.decode(value.apply(record));
      String event = decision.get("event_id").toString();
      assertThat(id.apply(record)).isEqualTo(event);
      decided
          .computeIfAbsent(event, unseen -> new TreeSet<>())
          .add(decision.get("decision").toString());
    }
    return decided;
  }

  /** Writes {@code payment.json}. */
  public static void contract(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("payment.json"),
        """
        {"type": "object", "title": "Payment", "required": ["id", "at", "customer", "amount"],
         "properties": {
           "id": {"type": "string"},
           "at": {"type": "string", "format": "date-time"},
           "customer": {"type": "string"},
           "amount": {"type": "number"}}}
        """);
  }

  /**
   * Writes the contract and {@code payments.yaml}.
   *
   * @param from what stands below {@code from:}, which is in the fourth line
   */
  static Path write(Path folder, String from, String to, String deadLetters) throws IOException {
    contract(folder);
    return Files.writeString(
        folder.resolve("payments.yaml"),
        """
        pipeline: payments
        events:
          from:
        %s
          format: { json: { contract: payment.json } }
          id: id
          eventTime: at
        history:
          - key: customer
            features:
              payments_1d: { count: events, over: 1d }
        decide: { field: decision, rules: [ { when: "amount >= 50.0", then: REVIEW } ], otherwise: APPROVE }
        to: %s
        deadLetters: %s
        """
            .formatted(from.indent(4).stripTrailing(), to, deadLetters));
  }
}
