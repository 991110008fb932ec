package dev.millrace.pipelines.spec;

import org.jspecify.annotations.Nullable;

/** How the bytes of one record become an event with the fields of a contract. */
public sealed interface FormatSpec {

  /** The schema that every event is read as: a path or URI. */
  String contract();

  /** Records that may name the schema they were written with. */
  sealed interface Framed extends FormatSpec {

    PayloadSpec payloads();

    @Override
    default String contract() {
      return payloads().contract();
    }

    /** Where the schemas are kept, null for nowhere. */
    default @Nullable RegistrySpec registry() {
      return payloads().registry();
    }

    default Framing framing() {
      return payloads().framing();
    }
  }

  /** Avro binary records. */
  record Avro(PayloadSpec payloads) implements Framed {

    /** Confluent framing when there is a registry, no framing when there is none. */
    public static Avro of(String contract, @Nullable RegistrySpec registry) {
      return new Avro(PayloadSpec.of(contract, registry));
    }
  }

  /** One JSON object per record; in files one per line. */
  record Json(PayloadSpec payloads, UnknownFields unknownFields) implements Framed {
    public Json {
      if (payloads.framing() == Framing.SINGLE_OBJECT) {
        throw new IllegalArgumentException(
            "found framing 'singleObject', which is Avro's, expected one of confluent, headers,"
                + " pubsub, none");
      }
    }

    /** As {@link Avro#of}; fields that the contract has not are ignored. */
    public static Json of(String contract, @Nullable RegistrySpec registry) {
      return new Json(PayloadSpec.of(contract, registry), UnknownFields.IGNORE);
    }
  }

  /**
   * Protobuf messages.
   *
   * @param message the full name of the contract's message; null for the first of its file
   */
  record Protobuf(PayloadSpec payloads, @Nullable String message) implements Framed {
    public Protobuf {
      if (payloads.framing() == Framing.SINGLE_OBJECT) {
        throw new IllegalArgumentException(
            "found framing 'singleObject', which is Avro's, expected one of confluent, headers,"
                + " pubsub, none");
      }
    }
  }

  /** Comma-separated values under a header that names the columns. */
  record Csv(String contract) implements FormatSpec {}

  /** Where a record names the schema that it was written with. */
  enum Framing {
    /** Before it, in a zero byte and the four-byte id of the schema in the registry. */
    CONFLUENT,
    /** In Kafka's headers, as Apicurio's serializers write them. */
    HEADERS,
    /** In the attributes of a Pub/Sub message. */
    PUBSUB,
    /** Before it, in Avro's single-object encoding: the contract's fingerprint, or another. */
    SINGLE_OBJECT,
    /** Nowhere: the writer's schema is the contract. */
    NONE
  }

  /** What becomes of fields that the contract has not. */
  enum UnknownFields {
    IGNORE,
    REFUSE
  }
}
