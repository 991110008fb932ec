package dev.millrace.transforms.lookup;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Suggestion;
import dev.millrace.transforms.transport.SafeSettings;
import dev.millrace.transforms.transport.TopicPartitions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compacted topic of Kafka: the record's key is the key, as UTF-8 unless {@link #withKeys} says
 * otherwise; its value a JSON object, or what {@link #withValues} says. A record without a value
 * removes the key; one without a key is passed over. The whole topic is read before the first event
 * is looked up, as far as it went when reading began, and followed from then on; only what is
 * committed is read.
 *
 * <p>A value that is none, or names a schema that its registry says there is not, is that key's
 * trouble until the next value comes: an event that refers to it becomes a dead letter. A key that
 * is none belongs to nobody, and is passed over, logged and counted as refused. While a registry
 * that must be asked does not answer, the table stands still as it does for a broker that is away:
 * what was there goes on to serve, and at the start events wait.
 *
 * @param settings of the consumer; {@link SafeSettings} says which are refused
 * @param maxBytes what the table may take of a worker's memory, about
 * @param values how values are written; null for JSON objects without a contract
 * @param keys how keys are written; null for text
 */
public record CompactedTopic(
    String bootstrapServers,
    String topic,
    Map<String, String> settings,
    long maxBytes,
    @Nullable RecordFormat values,
    @Nullable AvroKeys keys)
    implements ReferenceSource {

  public CompactedTopic {
    settings = SafeSettings.of(settings);
  }

  public static CompactedTopic of(String bootstrapServers, String topic) {
    return new CompactedTopic(
        bootstrapServers, topic, Map.of(), TableRecords.DEFAULT_MOST, null, null);
  }

  /** Settings of the consumer. None by default. */
  public CompactedTopic withSettings(Map<String, String> settings) {
    return new CompactedTopic(bootstrapServers, topic, settings, maxBytes, values, keys);
  }

  /** What the table may take of a worker's memory, about. A quarter of a GB by default. */
  public CompactedTopic withMaxBytes(long maxBytes) {
    return new CompactedTopic(bootstrapServers, topic, settings, maxBytes, values, keys);
  }

  /** How values are written. JSON objects without a contract by default. */
  public CompactedTopic withValues(RecordFormat values) {
    return new CompactedTopic(bootstrapServers, topic, settings, maxBytes, values, keys);
  }

  /** How keys are written. Text by default. */
  public CompactedTopic withKeys(AvroKeys keys) {
    return new CompactedTopic(bootstrapServers, topic, settings, maxBytes, values, keys);
  }

  @Override
  public String name() {
    return "Kafka topic " + topic;
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  /** Refuses a column whose field the values' contract has not, or has of another type. */
  @Override
  public void checkColumn(LookupColumn column) {
    if (values == null) {
      return;
    }
    Contract contract = values.contract();
    ContractField field = contract.at(column.field());
    if (field == null) {
      List<String> names = contract.layout().columns().stream().map(Column::name).toList();
      throw new IllegalArgumentException(
          "column '%s': found no field '%s' in the contract of %s%s, expected one of %s"
              .formatted(
                  column.name(),
                  column.field(),
                  name(),
                  Suggestion.didYouMean(column.field(), names),
                  String.join(", ", names)));
    }
    if (!column.type().fits(field.type())) {
      throw new IllegalArgumentException(
          "column '%s', field '%s' in the contract of %s: found %s, expected %s"
              .formatted(
                  column.name(),
                  column.field(),
                  name(),
                  field.expected(),
                  column.type().expected()));
    }
  }

  @Override
  public void check(LookupColumns columns) {
    if (values != null) {
      values.check();
    }
    if (keys != null) {
      keys.schemas().check();
    }
    var unused =
        TopicPartitions.of(
            bootstrapServers, topic, settings, TopicPartitions.LAUNCH_TIMEOUT_MILLIS);
  }

  @Override
  public Reference open(LookupColumns columns, AskingRules rules) {
    TopicRecords records = new TopicRecords(name(), TopicValues.of(values, columns), keys);
    return TableReference.start(new TopicFeed(this, records));
  }
}
