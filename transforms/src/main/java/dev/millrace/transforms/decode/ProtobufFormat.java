package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.registry.SchemaSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf's wire format. Each payload is read by the message it was written with. A contract in
 * Protobuf finds its fields there by number, so that a renamed field stays the same, and by the
 * names in {@code (millrace.aliases)} where the number is gone; one in another language finds them
 * by name, alias or JSON name. New schemas are met while running, without a restart.
 *
 * <p>A field that the contract has not is skipped. One that the writer's message has not takes the
 * contract's default. One that the writer has and left out is what its message says: zero, an empty
 * list or map, or, where it can be told apart from these, null or the contract's default. A number
 * is read by the writer's type, and kept where the contract's type holds its value; an enum is read
 * by number, in a contract of another language by its symbol.
 *
 * <p>In Confluent's frame the path behind the id says which message it is. In headers and Pub/Sub's
 * attributes it is the contract's, where the schema has one of that name, else the schema's first.
 * Without a frame the contract, which then must be in Protobuf, wrote it.
 *
 * <p>A payload is undecodable as {@code EMPTY}, {@code TOO_LARGE}, {@code MALFORMED} (its bytes are
 * no such message, a field has another wire type than its message says, a string is not UTF-8, an
 * unsigned number is above 2^63-1, or a required field is missing), {@code UNKNOWN_SCHEMA}, {@code
 * INCOMPATIBLE_SCHEMA} (naming the field), or {@code INVALID} (it lacks its id or time).
 *
 * <pre>{@code
 * ProtobufFormat.of(contract)
 *     .framedBy(Framing.CONFLUENT, ConfluentRegistry.at("http://localhost:8081"))
 * }</pre>
 */
public final class ProtobufFormat implements RecordFormat {

  private final Contract contract;
  private final Envelope envelope;

  private ProtobufFormat(Contract contract, Envelope envelope) {
    this.contract = contract;
    this.envelope = envelope;
  }

  /** Payloads without a frame, written by the contract itself. */
  public static ProtobufFormat of(Contract contract) {
    return new ProtobufFormat(contract, Envelope.NONE);
  }

  /**
   * Payloads in this frame, whose ids {@code schemas} knows.
   *
   * @throws IllegalArgumentException when {@code schemas} does not know such ids, or the frame is
   *     Avro's
   */
  public ProtobufFormat framedBy(Framing framing, SchemaSource schemas) {
    if (framing == Framing.SINGLE_OBJECT) {
      throw new IllegalArgumentException(
          "framing SINGLE_OBJECT: found Protobuf, expected Avro, whose frame it is");
    }
    return new ProtobufFormat(contract, envelope.with(framing, schemas));
  }

  /** How large a payload may be. {@link Limits#DEFAULT} by default. */
  public ProtobufFormat withLimits(Limits limits) {
    return new ProtobufFormat(contract, envelope.with(limits));
  }

  @Override
  public Contract contract() {
    return contract;
  }

  /**
   * @throws IllegalArgumentException without a frame, when the contract is not in Protobuf
   */
  @Override
  public RecordDecoder open() {
    boolean indexed = envelope.framing() == Framing.CONFLUENT;
    ProtobufReaders readers = new ProtobufReaders(contract, indexed);
    return envelope.open(contract, readers, Optional.empty(), "BINARY");
  }

  @Override
  public boolean asksForSchemas() {
    return envelope.schemas() != null;
  }

  @Override
  public void check() {
    open();
    envelope.check();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProtobufFormat that
        && contract.equals(that.contract)
        && envelope.equals(that.envelope);
  }

  @Override
  public int hashCode() {
    return Objects.hash(contract, envelope);
  }
}
