package dev.millrace.pipelines.generate;

import dev.millrace.pipelines.simulation.CardContracts;
import dev.millrace.pipelines.simulation.CardPayment;
import dev.millrace.pipelines.simulation.Deliveries;
import dev.millrace.pipelines.simulation.PaymentFile;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.apache.avro.Schema;

/**
 * Writes payments to a file by a pipeline's contract, in the format that the file's name says. A
 * payment that arrives late or twice stands there late or twice. Reports are not written: a
 * contract with a field {@code fraud} has the label in it.
 */
public record FileGeneration(PipelineSpec spec, Path file) {

  private static final int PROGRESS_EVERY = 100_000;

  /**
   * Writes everything, and tells now and then how many payments that was.
   *
   * @throws SpecException when a payment lacks what the contract wants
   */
  public void write(Deliveries deliveries, LongConsumer progress) throws IOException {
    Schema contract = CardContracts.schema(Path.of(spec.events().format().contract()));
    long written = 0;
    try (PaymentFile payments = create(contract)) {
      while (deliveries.hasNext()) {
        if (deliveries.next().event() instanceof CardPayment payment) {
          payments.write(payment);
          if (++written % PROGRESS_EVERY == 0) {
            progress.accept(written);
          }
        }
      }
    }
  }

  private PaymentFile create(Schema contract) throws IOException {
    try {
      return PaymentFile.create(file, contract);
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place("events.format"), String.valueOf(e.getMessage()));
    }
  }
}
