package dev.millrace.benchmark.handwritten;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.registry.SchemaFolder;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * What there is to do: the same for every contestant.
 *
 * @param contract the file of the payments' schema
 * @param schemas the folder of the schemas that framed payloads name
 * @param model the folder of the model's versions
 * @param frame what stands before each decision
 * @param producer the producer's settings
 */
public record Work(
    String bootstrapServers,
    String input,
    String output,
    String contract,
    String schemas,
    String model,
    byte[] frame,
    String pipeline,
    String featureVersion,
    Map<String, String> producer)
    implements Serializable {

  /** How payments are read. */
  RecordFormat format() {
    return AvroFormat.of(Contract.read(Path.of(contract), "transaction_id", "occurred_at"))
        .framedBy(SchemaFolder.at(Path.of(schemas)));
  }

  /** The producer's settings. */
  Properties producerProperties() {
    Properties properties = new Properties();
    properties.putAll(producer);
    return properties;
  }
}
