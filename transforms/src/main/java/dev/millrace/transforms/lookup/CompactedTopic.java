package dev.millrace.transforms.lookup;

import dev.millrace.transforms.transport.SafeSettings;
import dev.millrace.transforms.transport.TopicPartitions;
import java.util.Map;

/**
 * A compacted topic of Kafka: the record's key is the key, as UTF-8, its value a JSON object. A
 * record without a value removes the key; one without a key is passed over. The whole topic is read
 * before the first event is looked up, as far as it went when reading began, and followed from then
 * on; only what is committed is read. A value that is no JSON object is that key's trouble: an
 * event that refers to it becomes a dead letter.
 *
 * @param settings of the consumer; {@link SafeSettings} says which are refused
 * @param maxBytes what the table may take of a worker's memory, about
 */
public record CompactedTopic(
    String bootstrapServers, String topic, Map<String, String> settings, long maxBytes)
    implements ReferenceSource {

  public CompactedTopic {
    settings = SafeSettings.of(settings);
  }

  public static CompactedTopic of(String bootstrapServers, String topic) {
    return new CompactedTopic(bootstrapServers, topic, Map.of(), TableRecords.DEFAULT_MOST);
  }

  @Override
  public String name() {
    return "Kafka topic " + topic;
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public void check(LookupColumns columns) {
    var unused =
        TopicPartitions.of(
            bootstrapServers, topic, settings, TopicPartitions.LAUNCH_TIMEOUT_MILLIS);
  }

  @Override
  public Reference open(LookupColumns columns, AskingRules rules) {
    return TableReference.start(new TopicFeed(this, new AnswerReader(columns)));
  }
}
