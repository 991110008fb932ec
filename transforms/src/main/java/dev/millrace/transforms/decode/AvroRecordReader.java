package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads payloads that one schema wrote into a draft of the contract's event. Everything that
 * depends on schemas alone is done once, when it is made; a record then costs neither an object per
 * field nor any work on schemas. Not thread-safe.
 */
final class AvroRecordReader {

  private final Contract contract;
  private final ContractField[] fields;
  private final byte[][][] symbols;
  private final ResolvingDecoder resolver;
  private final Utf8 text = new Utf8();

  /**
   * @throws UndecodableException when the contract cannot be read from what {@code writer} writes
   */
  AvroRecordReader(Contract contract, Schema writer) throws UndecodableException {
    this.contract = contract;
    this.fields = contract.fields().toArray(new ContractField[0]);
    this.symbols = new byte[fields.length][][];
    for (ContractField field : fields) {
      symbols[field.index()] =
          field.symbols().stream().map(symbol -> symbol.getBytes(UTF_8)).toArray(byte[][]::new);
    }
    Schema named = new AvroResolution(contract).writerAsContract(writer);
    try {
      resolver = DecoderFactory.get().resolvingDecoder(named, contract.schema(), null);
    } catch (IOException | RuntimeException e) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA, "writer's schema: " + e.getMessage(), null, e);
    }
  }

  /** Reads one record; {@code in} stands behind it afterwards. */
  void read(PayloadDecoder in, EventDraft draft) throws UndecodableException {
    ContractField field = null;
    try {
      resolver.configure(in);
      for (Schema.Field next : resolver.readFieldOrder()) {
        field = fields[next.pos()];
        read(field, draft);
      }
      resolver.drain();
    } catch (AvroTypeException e) {
      // A value that the writer's schema allows and the contract does not: a null, or a symbol.
      throw at(field, Reason.INCOMPATIBLE_SCHEMA, e);
    } catch (IOException | RuntimeException e) {
      // Avro's parser answers a union branch or a symbol that does not exist with whichever
      // runtime exception comes first; all of them mean that the bytes are wrong.
      throw at(field, Reason.MALFORMED, e);
    }
  }

  private void read(ContractField field, EventDraft draft)
      throws IOException, UndecodableException {
    if (field.nullable() && resolver.readIndex() == field.nullBranch()) {
      resolver.readNull();
      return;
    }
    int index = field.index();
    switch (field.type()) {
      case BOOLEAN -> draft.setBoolean(index, resolver.readBoolean());
      case INT32 -> draft.setInt(index, resolver.readInt());
      case INT64, TIMESTAMP -> draft.setLong(index, resolver.readLong());
      case FLOAT -> draft.setFloat(index, resolver.readFloat());
      case DOUBLE -> draft.setDouble(index, resolver.readDouble());
      case STRING -> {
        if (symbols[index].length > 0) {
          byte[] symbol = symbols[index][resolver.readEnum()];
          draft.setUtf8(index, symbol, 0, symbol.length);
        } else {
          Utf8 value = resolver.readString(text);
          draft.setUtf8(index, value.getBytes(), 0, value.getByteLength());
        }
      }
      case BYTES -> {
        ByteBuffer value = resolver.readBytes(null);
        draft.setBytes(
            index, value.array(), value.arrayOffset() + value.position(), value.remaining());
      }
    }
  }

  private UndecodableException at(@Nullable ContractField field, Reason reason, Exception cause) {
    String place = field == null ? contract.schema().getName() : "field '" + field.name() + "'";
    return new UndecodableException(reason, place + ": " + cause.getMessage(), null, cause);
  }
}
