package dev.millrace.benchmark.handwritten;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.models.tensorflow.SavedModel;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A decision as a record of the topic, keyed by the payment's id. */
final class WriteDecision implements KafkaRecordSerializationSchema<Decision> {

  private final Work work;
  private transient DecisionEncoder encoder;

  @SuppressWarnings("NullAway.Init") // the encoder is made on the worker
  WriteDecision(Work work) {
    this.work = work;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    String model =
        SavedModel.at(work.model())
            .card()
            .map(card -> card.name() + "/" + card.version())
            .orElse(work.model());
    encoder = new DecisionEncoder(work, model);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Decision decision, KafkaSinkContext context, Long timestamp) {
    return new ProducerRecord<>(
        work.output(), decision.payment.id.getBytes(UTF_8), encoder.encode(decision));
  }
}
