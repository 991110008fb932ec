package dev.millrace.benchmark.decode;

import dev.millrace.pipelines.simulation.CardContracts;
import dev.millrace.pipelines.simulation.CardPayment;
import dev.millrace.pipelines.simulation.CardSimulation;
import dev.millrace.pipelines.simulation.Delivery;
import dev.millrace.pipelines.simulation.Flaw;
import dev.millrace.pipelines.simulation.PaymentEncoding;
import dev.millrace.transforms.contract.Contract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/** The payments of the flagship pipeline, simulated with one seed: 6 fields, none of them null. */
final class CardTransactions {

  private static final long SEED = 1;

  private static final String OLDER_WRITER =
      """
      {"type": "record", "name": "Transaction", "namespace": "dev.millrace.cardfraud", "fields": [
        {"name": "transaction_id", "type": "string"},
        {"name": "occurred_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "customer_id", "type": "string"},
        {"name": "terminal_id", "type": "string"},
        {"name": "entry_mode", "type": "string", "default": "CHIP"},
        {"name": "amount", "type": "float"}
      ]}
      """;

  private CardTransactions() {}

  static Dataset load() throws IOException {
    Path folder = Path.of(System.getProperty("millrace.root", "."), "pipelines", "card-fraud");
    CardContracts contracts = CardContracts.read(folder);
    PaymentEncoding encoding = PaymentEncoding.of(contracts);
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(contracts.transaction());
    Iterator<CardPayment> payments =
        CardSimulation.of(SEED)
            .withCustomers(500)
            .withTerminals(1_000)
            .withPayments(Dataset.RECORDS)
            .payments();
    List<GenericRecord> records = new ArrayList<>();
    while (payments.hasNext()) {
      byte[] payload = encoding.encode(new Delivery(payments.next(), Flaw.NONE));
      records.add(reader.read(null, DecoderFactory.get().binaryDecoder(payload, null)));
    }
    return new Dataset(
        Contract.of(contracts.transaction(), "transaction_id", "occurred_at"),
        new Schema.Parser().parse(OLDER_WRITER),
        records);
  }
}
