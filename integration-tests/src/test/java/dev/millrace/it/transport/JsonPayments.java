package dev.millrace.it.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
