package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.registry.SchemaText;
import java.io.Serializable;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** Readers of Avro binary. */
record AvroReaders(Contract contract) implements PayloadReader.Factory, Serializable {

  @Override
  public PayloadReader ofContract(EventDraft draft) {
    try {
      return reader(contract.schema(), draft);
    } catch (UndecodableException e) {
      throw new IllegalStateException("a contract can always be read as itself", e);
    }
  }

  @Override
  public PayloadReader of(SchemaText writer, EventDraft draft) throws UndecodableException {
    return reader(parse(writer), draft);
  }

  /**
   * @throws UndecodableException when it is no Avro schema
   */
  static Schema parse(SchemaText writer) throws UndecodableException {
    if (!writer.type().equals(SchemaText.AVRO)) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA,
          "found a schema of type %s, expected AVRO".formatted(writer.type()));
    }
    try {
      // A writer may have named its records as it liked; by name only fields are matched.
      Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION);
      writer.references().forEach(reference -> parser.parse(reference.text()));
      return parser.parse(writer.text());
    } catch (AvroRuntimeException e) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA, "not an Avro schema: " + e.getMessage(), null, e);
    }
  }

  private PayloadReader reader(Schema writer, EventDraft draft) throws UndecodableException {
    AvroRecordReader reader = new AvroRecordReader(contract.record(), writer, draft);
    AvroInput in = new AvroInput(draft.limits());
    return (payload, from, target) -> {
      in.reset(payload, from);
      reader.read(in, target);
      if (in.remaining() > 0) {
        throw new UndecodableException(
            Reason.MALFORMED,
            "payload: found %d bytes behind the record, expected none".formatted(in.remaining()));
      }
    };
  }
}
