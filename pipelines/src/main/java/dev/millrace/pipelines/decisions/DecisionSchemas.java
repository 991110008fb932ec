package dev.millrace.pipelines.decisions;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.assembly.Schemas;
import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.RegistrySpec;
import dev.millrace.transforms.deliver.DecisionSchema;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decodes decisions by the schema that wrote each: the registry's where the pipeline has one, else
 * that of the specification, whose fingerprint every record must carry.
 */
final class DecisionSchemas {

  private final @Nullable SchemaSource registry;
  private final Schema own;
  private final byte[] ownFrame;
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();

  DecisionSchemas(PipelinePlan plan) {
    RegistrySpec registrySpec =
        plan.spec().events().format() instanceof FormatSpec.Framed framed
            ? framed.registry()
            : null;
    this.registry = registrySpec == null ? null : Schemas.of(registrySpec);
    this.own = DecisionSchema.of(plan.spec().pipeline(), plan.decisions());
    this.ownFrame = AvroFrame.singleObject(own);
  }

  /**
   * The decision in a record's value.
   *
   * @throws IOException when the value is none, or one of another schema than can be found
   */
  GenericRecord read(byte[] value) throws IOException {
    try {
      int length = AvroFrame.lengthOf(value);
      GenericDatumReader<GenericRecord> reader =
          length == AvroFrame.CONFLUENT_LENGTH ? ofRegistry(value) : ofSpec(value);
      return reader.read(
          null, DecoderFactory.get().binaryDecoder(value, length, value.length - length, null));
    } catch (AvroRuntimeException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  private GenericDatumReader<GenericRecord> ofSpec(byte[] value) throws IOException {
    if (!Arrays.equals(value, 0, ownFrame.length, ownFrame, 0, ownFrame.length)) {
      throw new IOException(
          "found a decision of another schema than this specification's, expected one of this version of it");
    }
    return readers.computeIfAbsent(-1, none -> new GenericDatumReader<>(own));
  }

  private GenericDatumReader<GenericRecord> ofRegistry(byte[] value) throws IOException {
    int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
    GenericDatumReader<GenericRecord> known = readers.get(id);
    if (known != null) {
      return known;
    }
    if (registry == null) {
      throw new IOException(
          "found a decision framed by a registry, expected a specification that names it");
    }
    String text =
        registry
            .find(SchemaId.of(id))
            .orElseThrow(
                () ->
                    new IOException(
                        "found schema id %d, expected one that the registry knows".formatted(id)))
            .text();
    GenericDatumReader<GenericRecord> reader =
        new GenericDatumReader<>(new Schema.Parser().parse(text));
    readers.put(id, reader);
    return reader;
  }
}
