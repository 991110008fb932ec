package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.AwsAccess;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.ingest.ReadKinesis;
import dev.millrace.transforms.transport.KinesisStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code kinesis: { stream, region, endpoint, accessKey, secretKey, assumeRole, ... }}. */
final class KinesisTransport implements Transport {

  private static final List<String> ACCESS =
      List.of("stream", "region", "endpoint", "accessKey", "secretKey", "assumeRole");

  /** What a sink leans on whose events are wrong. */
  private static final AwsAccess UNKNOWN = AwsAccess.in("un-known-1");

  @Override
  public SourceSpec source(Value value) {
    Section section = value.section(with("from", "consumer", "poll"));
    String stream = stream(section);
    AwsAccess access = access(section, Optional.empty());
    SourceSpec.Kinesis.Start from =
        section
            .optional("from")
            .map(given -> given.choice(SourceSpec.Kinesis.Start.class))
            .orElse(SourceSpec.Kinesis.Start.EARLIEST);
    Optional<Value> consumer = section.optional("consumer");
    Optional<Value> poll = section.optional("poll");
    if (consumer.isPresent() && poll.isPresent()) {
      throw poll.get().problem("found 'poll' beside 'consumer', which is not polled, expected one");
    }
    return new SourceSpec.Kinesis(
        access,
        stream,
        from,
        consumer.map(given -> consumer(given, stream)).orElse(null),
        poll.map(Value::duration).orElse(ReadKinesis.DEFAULT_POLL));
  }

  /** A sink is in the events' region, and written by who reads them, unless it says otherwise. */
  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section section = value.section(with("maxRecordBytes"));
    AwsAccess theirs =
        events.isPresent()
            ? events.get() instanceof SourceSpec.Kinesis from ? from.access() : null
            : UNKNOWN;
    return new SinkSpec.Kinesis(
        access(section, Optional.ofNullable(theirs)),
        stream(section),
        KafkaTransport.maxRecordBytes(section, KinesisStream.LARGEST_RECORD));
  }

  private static List<String> with(String... more) {
    List<String> keys = new ArrayList<>(ACCESS);
    keys.addAll(List.of(more));
    return keys;
  }

  private static String stream(Section section) {
    return checked(section.required("stream"), KinesisStream::checked);
  }

  private static String consumer(Value value, String stream) {
    return checked(value, arn -> ReadKinesis.checkedConsumer(arn, stream));
  }

  /** What the section says, and else what {@code theirs} is. */
  private static AwsAccess access(Section section, Optional<AwsAccess> theirs) {
    AwsAccess access = theirs.orElse(UNKNOWN);
    Value region =
        theirs.isPresent() ? section.optional("region").orElse(null) : section.required("region");
    access = region == null ? access : checked(region, access::inRegion);
    Value endpoint = section.optional("endpoint").orElse(null);
    access = endpoint == null ? access : checked(endpoint, access::at);
    AwsAccess.Keys keys = keys(section);
    Value role = section.optional("assumeRole").orElse(null);
    access = keys == null && role == null ? access : access.as(keys);
    return role == null ? access : checked(role, access::assuming);
  }

  private static AwsAccess.@Nullable Keys keys(Section section) {
    boolean given =
        section.optional("accessKey").isPresent() || section.optional("secretKey").isPresent();
    return given
        ? new AwsAccess.Keys(
            section.required("accessKey").secret(), section.required("secretKey").secret())
        : null;
  }

  private static <T> T checked(Value value, Function<String, T> maker) {
    String text = value.text();
    return value.checked(() -> maker.apply(text));
  }
}
