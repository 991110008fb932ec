package dev.millrace.benchmark.handwritten;

import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.decode.UndecodableException;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads payments; what is none is counted and left out. */
final class ReadPayment implements KafkaRecordDeserializationSchema<Payment> {

  private final RecordFormat format;
  private transient PaymentDecoder decoder;
  private transient org.apache.flink.metrics.Counter undecodable;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  ReadPayment(RecordFormat format) {
    this.format = format;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    decoder = new PaymentDecoder(format);
    undecodable = context.getMetricGroup().counter("undecodable");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Payment> out) {
    try {
      out.collect(decoder.decode(record));
    } catch (UndecodableException e) {
      undecodable.inc();
    }
  }

  @Override
  public TypeInformation<Payment> getProducedType() {
    return TypeInformation.of(Payment.class);
  }
}
