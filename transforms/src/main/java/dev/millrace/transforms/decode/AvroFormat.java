package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Avro binary. Each payload is read by the schema it was written with, resolved to the contract by
 * Avro's rules: fields in any order, a field that the contract has a default for may be missing,
 * unknown ones are skipped, numbers are promoted, the contract's aliases are other names. New
 * schemas are met while running, without a restart.
 *
 * <p>Without a frame the contract is taken to be the schema that wrote, so it has to be one of
 * Avro. With one the schema that it names is looked up once and kept, and the contract may be in
 * any language.
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
  private final Envelope envelope;

  private AvroFormat(Contract contract, Envelope envelope) {
    this.contract = contract;
    this.envelope = envelope;
  }

  /** Payloads without a frame, written by the contract itself. */
  public static AvroFormat of(Contract contract) {
    return new AvroFormat(contract, Envelope.NONE);
  }

  /** Payloads in Confluent's frame, whose ids {@code schemas} knows. */
  public AvroFormat framedBy(SchemaSource schemas) {
    return framedBy(Framing.CONFLUENT, schemas);
  }

  /**
   * Payloads in this frame, whose ids {@code schemas} knows. A single object may also be of the
   * contract itself.
   *
   * @throws IllegalArgumentException when {@code schemas} does not know such ids
   */
  public AvroFormat framedBy(Framing framing, SchemaSource schemas) {
    return new AvroFormat(contract, envelope.with(framing, schemas));
  }

  /** Payloads in Avro's single-object encoding, all written by the contract itself. */
  public AvroFormat asSingleObjects() {
    return new AvroFormat(contract, new Envelope(Framing.SINGLE_OBJECT, null, envelope.limits()));
  }

  /** How large a payload may be. {@link Limits#DEFAULT} by default. */
  public AvroFormat withLimits(Limits limits) {
    return new AvroFormat(contract, envelope.with(limits));
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public RecordDecoder open() {
    checkWriter();
    long fingerprint = SchemaNormalization.parsingFingerprint64(contract.schema());
    Optional<SchemaId> own = Optional.of(SchemaId.fingerprint(fingerprint));
    return envelope.open(contract, new AvroReaders(contract), own, "BINARY");
  }

  @Override
  public boolean asksForSchemas() {
    return envelope.schemas() != null;
  }

  /** Also that payloads without a schema of their own have one of Avro as their contract. */
  @Override
  public void check() {
    checkWriter();
    envelope.check();
  }

  private void checkWriter() {
    String language = contract.source().type();
    if (envelope.schemas() == null && !language.equals(SchemaText.AVRO)) {
      throw new IllegalArgumentException(
          "framing %s: found a contract in %s, expected one in Avro: it is what wrote the payloads"
              .formatted(envelope.framing(), language));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AvroFormat that
        && contract.equals(that.contract)
        && envelope.equals(that.envelope);
  }

  @Override
  public int hashCode() {
    return Objects.hash(contract, envelope);
  }
}
