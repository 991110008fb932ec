package dev.millrace.it.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of topics in Avro and Protobuf, whose schemas are in a registry and change. */
class TopicSchemasIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String LOOKUP =
      """
      - key: customer
        from:
          kafka:
            bootstrapServers: "%1$s"
            topic: customers
            format: { avro: { contract: customer.avsc, registry: "%2$s" } }
            keys: avro
        columns:
          segment: { string: segment, default: NONE }
          credit: { double: limit, default: 0.0 }
          tier: { string: tier, default: NONE }
        status: customer_lookup
      - key: segment
        from:
          kafka:
            bootstrapServers: "%1$s"
            topic: segments
            format: { protobuf: { contract: segment.proto, registry: "%2$s" } }
        columns: { discount: { int: discount, default: -1 } }
      """;

  private static final String SEGMENT =
      "syntax = \"proto3\";\nmessage Segment { int32 discount = 1; }\n";

  private static final Schema KEY = schema("Key", "{\"name\": \"id\", \"type\": \"string\"}");

  private static final Schema CONTRACT =
      schema(
          "Customer",
          """
          {"name": "segment", "type": "string"}, {"name": "limit", "type": "double"},
          {"name": "tier", "type": "string", "default": "BASIC"}
          """);

  private static final Schema FIRST =
      schema(
          "Customer",
          "{\"name\": \"segment\", \"type\": \"string\"}, {\"name\": \"limit\", \"type\": \"int\"}");

  /** A field more, and its number promoted. */
  private static final Schema SECOND =
      schema(
          "Customer",
          """
          {"name": "segment", "type": "string"}, {"name": "tier", "type": "string", "default": "BASIC"},
          {"name": "limit", "type": "double"}
          """);

  /** A field more that nobody here wants. */
  private static final Schema THIRD =
      schema(
          "Customer",
          """
          {"name": "note", "type": "string", "default": ""}, {"name": "segment", "type": "string"},
          {"name": "tier", "type": "string", "default": "BASIC"}, {"name": "limit", "type": "double"}
          """);

  @TempDir private Path folder;

  private static Schema schema(String name, String fields) {
    return new Schema.Parser()
        .parse(
            "{\"type\": \"record\", \"name\": \"%s\", \"fields\": [%s]}".formatted(name, fields));
  }

  private static byte[] framed(int id, GenericRecord record) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(AvroFrame.confluent(id));
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** A broker, a registry, and what is sent by its schemas. */
  private static final class Bank implements AutoCloseable {
    final RegistryServer registry;
    final CustomerPipeline customers;
    private final ConfluentRegistry schemas;
    private final int keyId;
    private int payments;

    Bank(Path folder) throws Exception {
      this.registry = RegistryServer.start(folder);
      this.customers = new CustomerPipeline(folder);
      this.schemas = ConfluentRegistry.at(registry.url());
      this.keyId = schemas.register("customers-key", KEY);
      customers.broker.createTopic("segments", 1, Map.of("cleanup.policy", "compact"));
    }

    int register(Schema version) {
      return schemas.register("customers-value", version);
    }

    byte[] key(String customer) throws Exception {
      return framed(keyId, new GenericRecordBuilder(KEY).set("id", customer).build());
    }

    void customer(String customer, int schemaId, GenericRecordBuilder record) throws Exception {
      customers.send("customers", key(customer), framed(schemaId, record.build()));
    }

    /** In Confluent's frame: the id, the place of the message in its file, the message. */
    void segment(String segment, int discount) throws Exception {
      int id = schemas.register("segments-value", SchemaText.of(SchemaText.PROTOBUF, SEGMENT));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(AvroFrame.confluent(id));
      out.writeBytes(new byte[] {0, 8, (byte) discount});
      customers.send("segments", segment.getBytes(UTF_8), out.toByteArray());
    }

    /** Pays once; which payment that was. */
    int pay(String customer) throws Exception {
      customers.pay(payments, payments + 1, customer);
      return payments++;
    }

    /** Pays until what is known of the customer is as it should be. */
    void until(String customer, String... expected) throws Exception {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        int payment = pay(customer);
        // A payment of a customer with a bad record is never decided.
        for (int polls = 0; polls < 10; polls++) {
          if (customers.decided(payment) != null) {
            if (known(payment).equals(String.join(" ", expected))) {
              return;
            }
            break;
          }
        }
      }
      throw new AssertionError("still not as expected: " + String.join(" ", expected));
    }

    String known(int payment) throws Exception {
      return String.join(
          " ",
          customers.columns(payment, "segment", "credit", "tier", "customer_lookup", "discount"));
    }

    @Override
    public void close() throws Exception {
      customers.close();
      registry.close();
    }
  }

  private static GenericRecordBuilder first(String segment, int limit) {
    return new GenericRecordBuilder(FIRST).set("segment", segment).set("limit", limit);
  }

  private static GenericRecordBuilder later(Schema schema, String segment, double limit) {
    return new GenericRecordBuilder(schema)
        .set("segment", segment)
        .set("limit", limit)
        .set("tier", "PLUS");
  }

  @Test
  void table_follows_its_schemas_without_a_restart_and_serves_while_the_registry_is_away()
      throws Exception {
    Files.writeString(folder.resolve("customer.avsc"), CONTRACT.toString());
    Files.writeString(folder.resolve("segment.proto"), SEGMENT);
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (Bank bank = new Bank(folder)) {
      System.setErr(new PrintStream(log, true, UTF_8));
      CustomerPipeline customers = bank.customers;
      int v1 = bank.register(FIRST);
      bank.customer("c1", v1, first("S1", 100));
      bank.customer("c2", v1, first("S2", 200));
      customers.send("customers", bank.key("c3"), AvroFrame.confluent(v1));
      bank.customer("c4", v1, first("S1", 1));
      customers.send("customers", bank.key("c4"), null);
      bank.segment("S1", 5);
      bank.segment("S2", 7);
      for (String customer : new String[] {"c1", "c2", "c3", "c4"}) {
        bank.pay(customer);
      }
      customers.run(
          customers.write(
              LOOKUP.formatted(customers.broker.bootstrapServers(), bank.registry.url())),
          Runner.FLINK);
      assertThat(bank.known(0)).isEqualTo("S1 100.0 BASIC FOUND 5");
      assertThat(bank.known(1)).isEqualTo("S2 200.0 BASIC FOUND 7");
      assertThat(bank.known(3)).isEqualTo("NONE 0.0 NONE MISSING -1");
      DeadLetter letter = customers.letters().get(0);
      assertThat(letter.eventId()).isEqualTo("p-2");
      assertThat(letter.reason()).isEqualTo(Reason.LOOKUP_INVALID);
      assertThat(letter.message())
          .startsWith("customer in Kafka topic customers: field 'segment': found ");

      int v2 = bank.register(SECOND);
      bank.customer("c1", v2, later(SECOND, "S2", 100.5));
      bank.until("c1", "S2", "100.5", "PLUS", "FOUND", "7");
      // Not all producers are changed at once.
      bank.customer("c2", v1, first("S1", 50));
      bank.until("c2", "S1", "50.0", "BASIC", "FOUND", "5");
      bank.segment("S1", 6);
      bank.until("c2", "S1", "50.0", "BASIC", "FOUND", "6");
      bank.customer("c3", v2, later(SECOND, "S1", 3.0));
      bank.until("c3", "S1", "3.0", "PLUS", "FOUND", "6");

      int v3 = bank.register(THIRD);
      bank.registry.kill();
      bank.customer("c1", v3, later(THIRD, "S1", 9.0));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!log.toString(UTF_8).contains("the 3 records of before go on to serve")) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
      assertThat(bank.known(bank.pay("c1"))).isEqualTo("S2 100.5 PLUS FOUND 7");
      bank.registry.restart();
      bank.until("c1", "S1", "9.0", "PLUS", "FOUND", "6");
      assertThat(customers.isRunning()).isTrue();
    } finally {
      System.setErr(before);
    }
  }
}
