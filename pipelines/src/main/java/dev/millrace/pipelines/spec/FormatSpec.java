package dev.millrace.pipelines.spec;

import org.jspecify.annotations.Nullable;

/** How the bytes of one record become an event with the fields of a contract. */
public sealed interface FormatSpec {

  /** The Avro schema that every event is read as: a path or URI. */
  String contract();

  /**
   * Avro binary records.
   *
   * @param registry where the schemas are kept, null for none
   * @param framing what stands before the record and names the writer's schema
   */
  record Avro(String contract, @Nullable RegistrySpec registry, Framing framing)
      implements FormatSpec {
    public Avro {
      if (framing == Framing.CONFLUENT && registry == null) {
        throw new IllegalArgumentException(
            "found framing 'confluent' without a registry, expected a registry that knows the"
                + " schema ids, or framing 'none'");
      }
    }

    /** Confluent framing when there is a registry, no framing when there is none. */
    public static Avro of(String contract, @Nullable RegistrySpec registry) {
      return new Avro(contract, registry, registry == null ? Framing.NONE : Framing.CONFLUENT);
    }
  }

  /** One JSON object per record; in files one per line. */
  record Json(String contract) implements FormatSpec {}

  /** Comma-separated values under a header that names the columns. */
  record Csv(String contract) implements FormatSpec {}

  /** What stands before an Avro record. */
  enum Framing {
    /** A zero byte and the four-byte id of the writer's schema in the registry. */
    CONFLUENT,
    /** Nothing: the writer's schema is the contract. */
    NONE
  }
}
