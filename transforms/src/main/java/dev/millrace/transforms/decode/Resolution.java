package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.JsonSchema;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.registry.SchemaText;
import java.util.List;

/**
 * Whether all that a schema writes can be read as a contract, by the rules that decoders follow.
 * They stop at the first thing that is wrong, and only when a record has it; this names everything,
 * before there is any record.
 *
 * <pre>{@code
 * List<Mismatch> none = Resolution.of(contract, SchemaText.of(schema));
 * }</pre>
 */
public final class Resolution {

  private Resolution() {}

  /**
   * What cannot be read, in the order of the schema's fields; nothing when every record can. What
   * depends on a value and not on its type, as whether a text is a UUID, is not told. Of a Protobuf
   * file it is the message of the contract's name, else the first.
   */
  public static List<Mismatch> of(Contract contract, SchemaText writer) {
    try {
      return switch (writer.type()) {
        case SchemaText.AVRO -> AvroResolution.of(contract.record(), AvroReaders.parse(writer));
        case SchemaText.JSON -> JsonResolution.of(contract.record(), JsonSchema.parse(writer));
        case SchemaText.PROTOBUF -> new ProtobufReaders(contract, false).mismatches(writer);
        default ->
            throw new UndecodableException(
                Reason.INCOMPATIBLE_SCHEMA,
                "found a schema of type %s, expected AVRO, JSON or PROTOBUF"
                    .formatted(writer.type()));
      };
    } catch (UndecodableException e) {
      return List.of(new Mismatch("", e.message()));
    } catch (IllegalArgumentException e) {
      return List.of(
          new Mismatch("", "not a schema in %s: %s".formatted(writer.type(), e.getMessage())));
    }
  }
}
