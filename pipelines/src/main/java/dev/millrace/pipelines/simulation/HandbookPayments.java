package dev.millrace.pipelines.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The handbook's table. Its times count from midnight of the first payment's day; no value needs
 * quotes.
 */
final class HandbookPayments implements PaymentFile {
  private static final String HEADER =
      "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,"
          + "TX_FRAUD,TX_FRAUD_SCENARIO\n";
  private static final long DAY_SECONDS = 86_400;
  private static final long NOT_YET = Long.MIN_VALUE;

  private final Writer out;
  private long firstMidnight = NOT_YET;

  HandbookPayments(OutputStream out) throws IOException {
    this.out = new BufferedWriter(new OutputStreamWriter(out, US_ASCII));
    this.out.write(HEADER);
  }

  /** Whether the contract's fields go by the names of this table's columns. */
  static boolean areMeantBy(Schema contract) {
    List<String> header = List.of(HEADER.strip().split(",", -1));
    return contract.getFields().stream()
        .allMatch(field -> field.aliases().stream().anyMatch(header::contains));
  }

  @Override
  public void write(CardPayment payment) throws IOException {
    long second = payment.occurredAt().getEpochSecond();
    if (firstMidnight == NOT_YET) {
      firstMidnight = second - Math.floorMod(second, DAY_SECONDS);
    }
    long seconds = second - firstMidnight;
    out.write(
        String.join(
            ",",
            payment.id(),
            payment.occurredAt().toString(),
            payment.customerId(),
            payment.terminalId(),
            Double.toString(payment.amount()),
            Long.toString(seconds),
            Long.toString(seconds / DAY_SECONDS),
            payment.fraud() ? "1" : "0",
            Integer.toString(payment.scenario())));
    out.write('\n');
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
