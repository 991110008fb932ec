package dev.millrace.benchmark.handwritten;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes a decision as the Avro record that Millrace writes, field by field. Not thread-safe. */
final class DecisionEncoder {

  private final byte[] frame;
  private final String topic;
  private final String pipeline;
  private final String featureVersion;
  private final String model;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
  private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);

  DecisionEncoder(Work work, String model) {
    this.frame = work.frame();
    this.topic = work.input();
    this.pipeline = work.pipeline();
    this.featureVersion = work.featureVersion();
    this.model = model;
  }

  byte[] encode(Decision decision) {
    try {
      out.reset();
      out.writeBytes(frame);
      write(decision);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Decision decision) throws IOException {
    Payment payment = decision.payment;
    encoder.writeString(payment.id);
    encoder.writeLong(payment.time);
    encoder.writeString("kafka");
    encoder.writeString(topic);
    encoder.writeInt(payment.partition);
    encoder.writeLong(payment.offset);
    encoder.writeString("");
    encoder.writeString(pipeline);
    encoder.writeString(featureVersion);
    encoder.writeString(payment.id);
    encoder.writeLong(payment.time);
    encoder.writeString(payment.customer);
    encoder.writeString(payment.terminal);
    encoder.writeDouble(payment.amount);
    encoder.writeString(payment.currency);
    for (int i = 0; i < CustomerHistory.WINDOWS; i++) {
      encoder.writeLong(decision.counts[i]);
      encoder.writeDouble(decision.means[i]);
    }
    encoder.writeLong(decision.weekend);
    encoder.writeLong(decision.night);
    for (int i = 0; i < CustomerHistory.WINDOWS; i++) {
      encoder.writeLong(0);
      encoder.writeDouble(0);
    }
    encoder.writeDouble(decision.probability);
    encoder.writeString(model);
    encoder.writeLong(decision.modelMicros);
    encoder.writeString(decision.decision);
  }
}
