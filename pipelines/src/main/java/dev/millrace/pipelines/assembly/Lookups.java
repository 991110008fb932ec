package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LookupSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.ReferenceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.lookup.AskingRules;
import dev.millrace.transforms.lookup.CompactedTopic;
import dev.millrace.transforms.lookup.HttpObjects;
import dev.millrace.transforms.lookup.Lookup;
import dev.millrace.transforms.lookup.LookupColumn;
import dev.millrace.transforms.lookup.LookupType;
import dev.millrace.transforms.lookup.PostgresTable;
import dev.millrace.transforms.lookup.RedisHashes;
import dev.millrace.transforms.lookup.ReferenceFile;
import dev.millrace.transforms.lookup.ReferenceSource;
import dev.millrace.transforms.secret.Secret;
import dev.millrace.transforms.transport.RedisAccess;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lookups that a specification means. */
final class Lookups {

  private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

  private Lookups() {}

  /** A lookup of these columns in a source. */
  static Lookup of(LookupSpec spec, ReferenceSource source, List<LookupColumn> columns) {
    Lookup lookup = Lookup.by(spec.key(), source).withRules(rules(spec.asking()));
    for (LookupColumn column : columns) {
      lookup = lookup.withColumn(column);
    }
    return spec.status() == null ? lookup : lookup.withStatus(spec.status());
  }

  /**
   * A column of it.
   *
   * @throws IllegalArgumentException when the default is none of its type
   */
  static LookupColumn column(String name, LookupSpec.Column spec) {
    LookupColumn column =
        LookupColumn.of(name, LookupType.valueOf(spec.type().name()), spec.field());
    return spec.defaultText() == null ? column : column.withDefault(spec.defaultText());
  }

  static AskingRules rules(LookupSpec.Asking spec) {
    return new AskingRules(
        spec.entries(),
        spec.keptFor(),
        spec.timeout(),
        spec.retries(),
        AskingRules.WhenUnavailable.valueOf(spec.whenUnavailable().name()),
        new AskingRules.Breaker(spec.breakerPercent(), spec.breakerOf(), spec.breakerOpen()));
  }

  /**
   * Where a lookup's records are.
   *
   * @param contract of a topic's values; null where they have none
   * @throws IllegalArgumentException when an address or a setting is none
   */
  static ReferenceSource source(ReferenceSpec spec, @Nullable Contract contract) {
    if (spec instanceof ReferenceSpec.Kafka kafka) {
      return topic(kafka, contract);
    }
    if (spec instanceof ReferenceSpec.Files files) {
      return new ReferenceFile(files.path(), files.key(), files.refresh(), files.maxBytes());
    }
    if (spec instanceof ReferenceSpec.Redis redis) {
      return new RedisHashes(
          new RedisAccess(redis.url(), redis.user(), secret(redis.password())), redis.key());
    }
    if (spec instanceof ReferenceSpec.Postgres table) {
      return new PostgresTable(
          table.url(), table.user(), secret(table.password()), table.table(), table.key());
    }
    ReferenceSpec.Http http = (ReferenceSpec.Http) spec;
    return new HttpObjects(http.url(), http.headers());
  }

  private static CompactedTopic topic(ReferenceSpec.Kafka spec, @Nullable Contract contract) {
    CompactedTopic topic =
        CompactedTopic.of(spec.bootstrapServers(), spec.topic())
            .withSettings(spec.settings())
            .withMaxBytes(spec.maxBytes());
    FormatSpec.Framed format = spec.format();
    if (format == null || contract == null) {
      return topic;
    }
    CompactedTopic decoded = topic.withValues(Formats.of(format, contract));
    return spec.keys() == ReferenceSpec.Kafka.Keys.AVRO
        ? decoded.withKeys(new AvroKeys(Formats.framing(format), Formats.schemas(format)))
        : decoded;
  }

  private static @Nullable Secret secret(@Nullable String reference) {
    return reference == null ? null : Secret.of(reference);
  }

  /**
   * Looks whether all is there that is looked up in; warns of what is away where a pipeline can do
   * without.
   *
   * @throws SpecException naming the place of what is not
   */
  static void check(PipelineSpec spec, List<Lookup> lookups) {
    for (int i = 0; i < lookups.size(); i++) {
      String path = "lookup.%d.from.%s".formatted(i, spec.lookup().get(i).from().word());
      try {
        String warning = lookups.get(i).check();
        if (warning != null) {
          LOG.warn("{}: {}", spec.place(path), warning);
        }
      } catch (IllegalArgumentException e) {
        throw new SpecException(spec.place(path), String.valueOf(e.getMessage()));
      }
    }
  }
}
