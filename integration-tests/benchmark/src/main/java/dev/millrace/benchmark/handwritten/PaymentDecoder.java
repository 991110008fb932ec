package dev.millrace.benchmark.handwritten;

import dev.millrace.transforms.decode.RecordDecoder;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.decode.UndecodableException;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a record of the topic by Millrace's decoder. Not thread-safe. */
final class PaymentDecoder {

  private final RecordDecoder decoder;
  private final Column customer;
  private final Column terminal;
  private final Column amount;
  private final Column currency;

  PaymentDecoder(RecordFormat format) {
    EventLayout layout = format.contract().layout();
    decoder = format.open();
    customer = layout.column("customer_id");
    terminal = layout.column("terminal_id");
    amount = layout.column("amount");
    currency = layout.column("currency");
  }

  Payment decode(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
    Origin origin = new Origin("kafka", record.topic(), record.partition(), record.offset());
    Event event =
        decoder.decode(new RawRecord(origin, record.timestamp(), record.key(), record.value()));
    Payment payment = new Payment();
    payment.id = event.id();
    payment.time = event.time();
    payment.customer = customer.getString(event);
    payment.terminal = terminal.getString(event);
    payment.amount = amount.getDouble(event);
    payment.currency = currency.getString(event);
    payment.partition = record.partition();
    payment.offset = record.offset();
    return payment;
  }
}
