package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.registry.SchemaSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a payload, with a field for each of the contract's, by its name or an alias. One
 * that is missing takes the contract's default. Fields that the contract has not are ignored,
 * unless {@link #withUnknownFields} says otherwise.
 *
 * <p>JSON is read strictly (RFC 8259): nothing behind the object, no NaN. A field of the contract
 * that stands twice is refused. A number is a JSON number and must fit its type; a timestamp is
 * ISO-8601 text or a number in the contract's unit, a date ISO-8601 text or a number of days; a
 * decimal is a number or text; bytes are base64; an enum is its symbol; a UUID is text.
 *
 * <p>In a frame the schema that it names must be there, and be a JSON Schema that the contract can
 * be read from: a field of another type, or one that the contract has no default for and the schema
 * no property, is incompatible. Where the schema has a field's own name, its aliases are other
 * fields. A {@code default} in the schema is not applied: what a payload lacks has the contract's.
 *
 * <p>A payload is undecodable as {@code EMPTY}, {@code TOO_LARGE}, {@code MALFORMED} (naming the
 * field, what was found and what was expected), {@code UNKNOWN_SCHEMA}, {@code
 * INCOMPATIBLE_SCHEMA}, or {@code INVALID} (it lacks its id or time).
 */
public final class JsonFormat implements RecordFormat {

  private final Contract contract;
  private final UnknownFields unknownFields;
  private final Envelope envelope;

  private JsonFormat(Contract contract, UnknownFields unknownFields, Envelope envelope) {
    this.contract = contract;
    this.unknownFields = unknownFields;
    this.envelope = envelope;
  }

  /** Payloads that say nothing about their schema. */
  public static JsonFormat of(Contract contract) {
    return new JsonFormat(contract, UnknownFields.IGNORE, Envelope.NONE);
  }

  /**
   * Payloads in this frame, whose ids {@code schemas} knows.
   *
   * @throws IllegalArgumentException when {@code schemas} does not know such ids, or the frame is
   *     Avro's alone
   */
  public JsonFormat framedBy(Framing framing, SchemaSource schemas) {
    if (framing == Framing.SINGLE_OBJECT) {
      throw new IllegalArgumentException(
          "framing SINGLE_OBJECT: found JSON, expected Avro, whose encoding it is");
    }
    return new JsonFormat(contract, unknownFields, envelope.with(framing, schemas));
  }

  /** What to do with fields that the contract has not. They are ignored by default. */
  public JsonFormat withUnknownFields(UnknownFields unknownFields) {
    return new JsonFormat(contract, unknownFields, envelope);
  }

  /** How large a payload may be. {@link Limits#DEFAULT} by default. */
  public JsonFormat withLimits(Limits limits) {
    return new JsonFormat(contract, unknownFields, envelope.with(limits));
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public RecordDecoder open() {
    JsonReaders readers = new JsonReaders(contract, unknownFields);
    return envelope.open(contract, readers, Optional.empty(), "JSON");
  }

  @Override
  public boolean asksForSchemas() {
    return envelope.schemas() != null;
  }

  @Override
  public void check() {
    envelope.check();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonFormat that
        && contract.equals(that.contract)
        && unknownFields == that.unknownFields
        && envelope.equals(that.envelope);
  }

  @Override
  public int hashCode() {
    return Objects.hash(contract, unknownFields, envelope);
  }
}
