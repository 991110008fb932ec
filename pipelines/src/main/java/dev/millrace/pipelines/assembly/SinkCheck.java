package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.deliver.bigquery.WriteBigQuery;
import dev.millrace.transforms.deliver.redis.StoreLastValues;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.secret.Secret;
import dev.millrace.transforms.transport.RedisAccess;
import org.jspecify.annotations.Nullable;

/** What can be known of a sink without connecting to it: whether it takes what is to go there. */
final class SinkCheck {

  private SinkCheck() {}

  /**
   * Of decisions over events of {@code from}.
   *
   * @throws IllegalArgumentException when they cannot go there
   */
  static void decisions(SinkSpec to, SourceSpec from, EventLayout decided) {
    if (to instanceof SinkSpec.BigQuery table) {
      WriteBigQuery.check(decided, table.clusterBy());
    }
    if (to instanceof SinkSpec.Redis redis) {
      EventLayout unused = lastValues(redis).layout(decided);
    }
    endless(to, from);
  }

  /**
   * Of dead letters of events of {@code from}.
   *
   * @throws IllegalArgumentException when they cannot go there
   */
  static void deadLetters(@Nullable SinkSpec to, SourceSpec from) {
    if (to != null && !to.takesDeadLetters()) {
      throw new IllegalArgumentException(
          "found %s for dead letters, expected a topic or files: what it refuses is one itself"
              .formatted(to.word()));
    }
    endless(to, from);
  }

  /**
   * What keeps last values as {@code to} says.
   *
   * @throws IllegalArgumentException when it says what cannot be
   */
  static StoreLastValues lastValues(SinkSpec.Redis to) {
    Secret password = to.password() == null ? null : Secret.of(to.password());
    return StoreLastValues.in(new RedisAccess(to.url(), to.user(), password))
        .by(to.key())
        .ofColumns(to.columns())
        .withExpiry(to.expire())
        .withMaxBytes(to.maxRecordBytes());
  }

  private static void endless(@Nullable SinkSpec to, SourceSpec from) {
    if (to instanceof SinkSpec.Files files && files.windows() == null && !from.isBounded()) {
      throw new IllegalArgumentException(
          "found one file for %s, which has no end, expected a folder with files of a time each: window: 5m"
              .formatted(from.word()));
    }
  }
}
