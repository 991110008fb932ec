package dev.millrace.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.Framing;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaFolder;
import dev.millrace.transforms.registry.SchemaText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Format by frame by registry: what others wrote comes out as what they meant. */
class DecodeMatrixIT {

  @TempDir private static Path folder;
  private static KafkaBroker broker;
  private static RegistryServer server;
  private static DebianEncoders debian;

  @BeforeAll
  static void start() throws IOException {
    broker = KafkaBroker.start(folder);
    server = RegistryServer.start(folder);
    debian = new DebianEncoders(Files.createDirectories(folder.resolve("schemas")));
  }

  @AfterAll
  static void stop() {
    server.stop();
    broker.stop();
  }

  private static Contract contract(String file) throws IOException {
    return Contract.read(debian.resource(file), "id", "at");
  }

  private static Schema avroSchema() throws IOException {
    return new Schema.Parser().parse(debian.resource("payment.avsc").toFile());
  }

  private static ConfluentRegistry registry() {
    return ConfluentRegistry.at(server.url());
  }

  private static ApicurioEncoders apicurio(boolean headers) {
    String url = server.url().replace("/apis/ccompat/v7", "/apis/registry/v2");
    return new ApicurioEncoders(url, headers);
  }

  private static List<ProducerRecord<byte[], byte[]>> plain(String topic, List<byte[]> payloads) {
    return framed(topic, new byte[0], payloads);
  }

  private static List<ProducerRecord<byte[], byte[]>> framed(
      String topic, byte[] frame, List<byte[]> payloads) {
    return payloads.stream()
        .map(
            payload -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              out.writeBytes(frame);
              out.writeBytes(payload);
              return new ProducerRecord<byte[], byte[]>(topic, out.toByteArray());
            })
        .toList();
  }

  private static byte[] confluent(int id) {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
  }

  private static void check(
      String topic, List<ProducerRecord<byte[], byte[]>> records, RecordFormat format)
      throws Exception {
    broker.createTopic(topic, 2, Map.of());
    send(records);
    checkDecoded(topic, format);
  }

  private static void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
  }

  private static void checkDecoded(String topic, RecordFormat format) throws Exception {
    format.check();
    List<Payment> payments = Payment.some();
    assertThat(CollectDecoded.from(broker.bootstrapServers(), topic, format, payments.size()))
        .containsExactlyInAnyOrderElementsOf(payments.stream().map(Payment::shown).toList());
  }

  @Test
  void avro_without_a_frame_by_python() throws Exception {
    check("avro", plain("avro", debian.avro()), AvroFormat.of(contract("payment.avsc")));
  }

  @Test
  void avro_in_confluents_frame_by_python_with_the_registry() throws Exception {
    String topic = "avro.confluent.python";
    int id = registry().register(topic + "-value", avroSchema());
    check(
        topic,
        framed(topic, confluent(id), debian.avro()),
        AvroFormat.of(contract("payment.avsc")).framedBy(registry()));
  }

  @Test
  void avro_in_confluents_frame_by_python_with_a_folder() throws Exception {
    Files.copy(debian.resource("payment.avsc"), folder.resolve("7.avsc"));
    String topic = "avro.confluent.folder";
    check(
        topic,
        framed(topic, confluent(7), debian.avro()),
        AvroFormat.of(contract("payment.avsc")).framedBy(SchemaFolder.at(folder)));
  }

  @Test
  void avro_in_confluents_frame_by_apicurio() throws Exception {
    String topic = "avro.confluent.apicurio";
    check(
        topic,
        apicurio(false).avro(topic, avroSchema()),
        AvroFormat.of(contract("payment.avsc")).framedBy(registry()));
  }

  @Test
  void avro_with_the_id_in_a_header_by_apicurio() throws Exception {
    String topic = "avro.headers.apicurio";
    check(
        topic,
        apicurio(true).avro(topic, avroSchema()),
        AvroFormat.of(contract("payment.avsc")).framedBy(Framing.HEADERS, registry()));
  }

  @Test
  void avro_single_objects_by_avro_itself() throws Exception {
    String topic = "avro.single";
    Schema schema = avroSchema();
    BinaryMessageEncoder<Object> encoder = new BinaryMessageEncoder<>(GenericData.get(), schema);
    List<ProducerRecord<byte[], byte[]>> records =
        ApicurioEncoders.generic(schema).stream()
            .map(
                record -> {
                  try {
                    ByteBuffer bytes = encoder.encode(record);
                    byte[] payload = new byte[bytes.remaining()];
                    bytes.get(payload);
                    return new ProducerRecord<byte[], byte[]>(topic, payload);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .toList();
    check(topic, records, AvroFormat.of(contract("payment.avsc")).asSingleObjects());
  }

  @Test
  void json_without_a_frame_by_python() throws Exception {
    check("json", plain("json", debian.json()), JsonFormat.of(contract("payment.schema.json")));
  }

  @Test
  void json_sent_by_kcat() throws Exception {
    broker.createTopic("json.kcat", 2, Map.of());
    debian.sendLines(broker.bootstrapServers(), "json.kcat", debian.json());
    checkDecoded("json.kcat", JsonFormat.of(contract("payment.schema.json")));
  }

  @Test
  void json_by_an_avro_contract() throws Exception {
    check("json.avro", plain("json.avro", debian.json()), JsonFormat.of(contract("payment.avsc")));
  }

  @Test
  void json_in_confluents_frame_by_python_with_the_registry() throws Exception {
    String topic = "json.confluent.python";
    String schema = Files.readString(debian.resource("payment.schema.json"));
    int id = registry().register(topic + "-value", SchemaText.of(SchemaText.JSON, schema));
    check(
        topic,
        framed(topic, confluent(id), debian.json()),
        JsonFormat.of(contract("payment.schema.json")).framedBy(Framing.CONFLUENT, registry()));
  }

  @Test
  void json_with_the_id_in_a_header_by_apicurio() throws Exception {
    String topic = "json.headers.apicurio";
    check(
        topic,
        apicurio(true).json(topic),
        JsonFormat.of(contract("payment.schema.json")).framedBy(Framing.HEADERS, registry()));
  }

  private static Contract protobufContract() throws IOException {
    return Contract.readMessage(debian.resource("payment.proto"), "matrix.Payment", "id", "at");
  }

  @Test
  void protobuf_without_a_frame_by_python() throws Exception {
    check("protobuf", plain("protobuf", debian.protobuf()), ProtobufFormat.of(protobufContract()));
  }

  @Test
  void protobuf_in_confluents_frame_by_python_with_the_registry() throws Exception {
    String topic = "protobuf.confluent.python";
    String schema = Files.readString(debian.resource("payment.proto"));
    int id = registry().register(topic + "-value", SchemaText.of(SchemaText.PROTOBUF, schema));
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(confluent(id));
    // One index, the 1: Payment is the second message of its file.
    frame.writeBytes(new byte[] {2, 2});
    check(
        topic,
        framed(topic, frame.toByteArray(), debian.protobuf()),
        ProtobufFormat.of(protobufContract()).framedBy(Framing.CONFLUENT, registry()));
  }

  @Test
  void protobuf_by_an_avro_contract_with_the_registry() throws Exception {
    String topic = "protobuf.avro";
    String schema = Files.readString(debian.resource("payment.proto"));
    int id = registry().register(topic + "-value", SchemaText.of(SchemaText.PROTOBUF, schema));
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(confluent(id));
    frame.writeBytes(new byte[] {2, 2});
    check(
        topic,
        framed(topic, frame.toByteArray(), debian.protobuf()),
        ProtobufFormat.of(contract("payment.avsc")).framedBy(Framing.CONFLUENT, registry()));
  }

  /** Apicurio's own Protobuf serializer needs Protobuf 3, which Beam's 4 has replaced. */
  @Test
  void protobuf_with_the_id_in_a_header_by_python() throws Exception {
    String topic = "protobuf.headers.python";
    String schema = Files.readString(debian.resource("payment.proto"));
    int id = registry().register(topic + "-value", SchemaText.of(SchemaText.PROTOBUF, schema));
    byte[] contentId = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    List<ProducerRecord<byte[], byte[]>> records = plain(topic, debian.protobuf());
    records.forEach(record -> record.headers().add("apicurio.value.contentId", contentId));
    check(
        topic,
        records,
        ProtobufFormat.of(protobufContract()).framedBy(Framing.HEADERS, registry()));
  }
}
