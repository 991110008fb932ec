package dev.millrace.transforms.decode;

import dev.millrace.transforms.registry.SchemaSource;
import org.jspecify.annotations.Nullable;

/**
 * Avro binary. Each payload is read by the schema it was written with, resolved to the contract by
 * Avro's rules: fields in any order, a field that the contract has a default for may be missing,
 * unknown ones are skipped, numbers are promoted, the contract's aliases are other names. New
 * schemas are met while running, without a restart.
 *
 * <p>Without a frame the contract is taken to be the schema that wrote. With Confluent's (a zero
 * byte and the id of a schema, big-endian) the id's schema is looked up once and kept.
 *
 * <p>A payload is undecodable as {@code EMPTY}, {@code TOO_LARGE}, {@code MALFORMED} (its bytes are
 * no such record, bytes are left behind it, or a string is not UTF-8), {@code UNKNOWN_SCHEMA},
 * {@code INCOMPATIBLE_SCHEMA} (naming the field), or {@code INVALID} (it lacks its id or time).
 *
 * <pre>{@code
 * AvroFormat.of(contract).framedBy(ConfluentRegistry.at("http://localhost:8081"))
 * }</pre>
 */
public final class AvroFormat implements RecordFormat {

  private final Contract contract;
  private final @Nullable SchemaSource schemas;
  private final int maxPayloadBytes;

  private AvroFormat(Contract contract, @Nullable SchemaSource schemas, int maxPayloadBytes) {
    this.contract = contract;
    this.schemas = schemas;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /** Payloads without a frame, written by the contract itself. */
  public static AvroFormat of(Contract contract) {
    return new AvroFormat(contract, null, PayloadLimit.DEFAULT);
  }

  /** Payloads in Confluent's frame, whose ids {@code schemas} knows. */
  public AvroFormat framedBy(SchemaSource schemas) {
    return new AvroFormat(contract, schemas, maxPayloadBytes);
  }

  /** The largest payload that is decoded, its frame included. 1 MiB by default. */
  public AvroFormat withMaxPayloadBytes(int bytes) {
    return new AvroFormat(contract, schemas, PayloadLimit.of(bytes));
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public RecordDecoder open() {
    return schemas == null
        ? new PlainAvroDecoder(contract, maxPayloadBytes)
        : new FramedAvroDecoder(contract, schemas, maxPayloadBytes);
  }

  @Override
  public boolean asksForSchemas() {
    return schemas != null;
  }

  @Override
  public void check() {
    if (schemas != null) {
      schemas.check();
    }
  }
}
