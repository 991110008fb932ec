package dev.millrace.transforms.decode;

/** Where a record says which schema wrote it. */
public enum Framing {
  /** Nowhere: the contract wrote it. */
  NONE,
  /**
   * Before the payload: a zero byte and the registry's id in four bytes, big-endian; in Protobuf
   * then the path to the message in its file. Source: Confluent's wire format.
   */
  CONFLUENT,
  /**
   * In a header beside the payload: {@code apicurio.value.globalId} or {@code
   * apicurio.value.contentId}, eight bytes, big-endian. Source: Apicurio's serializers.
   */
  HEADERS,
  /**
   * In attributes of the message: {@code googclient_schemaname}, {@code
   * googclient_schemarevisionid} and {@code googclient_schemaencoding}. Source: Google's Pub/Sub.
   */
  PUBSUB,
  /**
   * Before the payload: C3 01 and the CRC-64-AVRO fingerprint of the schema, little-endian. Source:
   * the Avro specification, "Single-object encoding".
   */
  SINGLE_OBJECT
}
