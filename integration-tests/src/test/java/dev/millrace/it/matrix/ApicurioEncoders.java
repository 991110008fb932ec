package dev.millrace.it.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.jsonschema.JsonSchemaKafkaSerializer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Apicurio's own serializers, which register the schema themselves.
 *
 * @param registryUrl of Apicurio's own interface
 * @param headers whether the schema's id stands in a header
 */
record ApicurioEncoders(String registryUrl, boolean headers) {

  List<ProducerRecord<byte[], byte[]>> avro(String topic, Schema schema) {
    try (Serializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
      serializer.configure(settings(), false);
      return Payment.some().stream()
          .map(payment -> record(topic, serializer, avro(payment, schema)))
          .toList();
    }
  }

  /** The payments as Avro's generic records. */
  static List<GenericRecord> generic(Schema schema) {
    return Payment.some().stream().map(payment -> avro(payment, schema)).toList();
  }

  private static GenericRecord avro(Payment payment, Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("id", payment.id());
    record.put("at", payment.at());
    record.put("amount", payment.amount());
    record.put("items", payment.items());
    record.put(
        "channel",
        new GenericData.EnumSymbol(schema.getField("channel").schema(), payment.channel()));
    record.put("note", payment.note());
    record.put("tags", payment.tags());
    GenericRecord merchant = new GenericData.Record(schema.getField("merchant").schema());
    merchant.put("city", payment.merchant().get("city"));
    record.put("merchant", merchant);
    return record;
  }

  List<ProducerRecord<byte[], byte[]>> json(String topic) {
    Map<String, Object> settings = settings();
    settings.put(
        "apicurio.registry.artifact.schema.location", "dev/millrace/it/matrix/payment.schema.json");
    settings.put("apicurio.registry.serde.validation-enabled", true);
    try (Serializer<ObjectNode> serializer = new JsonSchemaKafkaSerializer<>()) {
      serializer.configure(settings, false);
      return Payment.some().stream()
          .map(payment -> record(topic, serializer, json(payment)))
          .toList();
    }
  }

  private static ObjectNode json(Payment payment) {
    ObjectNode node = new ObjectMapper().valueToTree(payment);
    if (payment.note() == null) {
      node.remove("note");
    }
    return node.put("at", Instant.ofEpochMilli(payment.at()).toString());
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("apicurio.registry.url", registryUrl);
    settings.put("apicurio.registry.auto-register", true);
    settings.put("apicurio.registry.headers.enabled", headers);
    settings.put("apicurio.registry.as-confluent", !headers);
    // Confluent's interface of Apicurio knows schemas by their content.
    settings.put("apicurio.registry.use-id", headers ? "globalId" : "contentId");
    return settings;
  }

  private static <T> ProducerRecord<byte[], byte[]> record(
      String topic, Serializer<T> serializer, T value) {
    ProducerRecord<byte[], byte[]> empty = new ProducerRecord<>(topic, new byte[0]);
    byte[] payload = serializer.serialize(topic, empty.headers(), value);
    return new ProducerRecord<>(topic, null, (byte[]) null, payload, empty.headers());
  }
}
