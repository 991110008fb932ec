package dev.millrace.transforms.deliver.redis;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.secret.MissingSecretException;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.transport.RedisAccess;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps columns of each key's last event in a hash of Redis, as text, and emits no events. The last
 * event is the one of the latest event time, in whatever order they come; of equal times it is the
 * one that comes last. So what is written again after a failure changes nothing. A column that is
 * null is no field. Beside them are the fields {@code event_id} and {@code event_time}, in
 * milliseconds since 1970-01-01T00:00Z.
 *
 * <p>The hashes of a bundle are there when it ends. A server that is away is tried again for {@link
 * #withPatience}; then the bundle fails, and is tried again by the runner. An event that has no
 * key, or whose key holds something else than a hash, becomes a dead letter of reason {@link
 * dev.millrace.transforms.deadletter.Reason#UNDELIVERABLE}. Two events of one key may be written by
 * two workers at once: a script of the server's compares their times.
 *
 * <pre>{@code
 * decisions.apply(
 *     "Remember",
 *     StoreLastValues.in(new RedisAccess("redis://features:6379", null, null))
 *         .by("customer:{customer_id}")
 *         .ofColumns(List.of("customer_mean_7d", "fraud_probability")));
 * }</pre>
 */
@AutoValue
public abstract class StoreLastValues extends EventStage {

  /** What stands in every hash, so no column may be named so. */
  static final Set<String> OWN_FIELDS = Set.of("event_id", "event_time");

  /** What Redis' clients and people's tools bear; a server takes 512 MB. */
  public static final int DEFAULT_MAX_BYTES = 1_000_000;

  private static final Duration LOOKING = Duration.ofSeconds(5);

  abstract RedisAccess access();

  abstract String key();

  abstract List<String> columns();

  abstract Duration expiry();

  abstract Duration patience();

  abstract int maxBytes();

  abstract Builder toBuilder();

  /** In a server; {@link #by} and {@link #ofColumns} say what. */
  public static StoreLastValues in(RedisAccess access) {
    return new AutoValue_StoreLastValues.Builder()
        .setAccess(access)
        .setKey("")
        .setColumns(List.of())
        .setExpiry(Duration.ZERO)
        .setPatience(Duration.ofSeconds(30))
        .setMaxBytes(DEFAULT_MAX_BYTES)
        .build();
  }

  /** The names of the hashes, with columns in braces: {@code customer:{customer_id}}. */
  public StoreLastValues by(String key) {
    return toBuilder().setKey(key).build();
  }

  /** The columns that are kept. */
  public StoreLastValues ofColumns(List<String> columns) {
    return toBuilder().setColumns(List.copyOf(columns)).build();
  }

  /**
   * Forgets a key that no event came about for so long; zero, which is the default, for never.
   *
   * @throws IllegalArgumentException for less than nothing, or parts of a second
   */
  public StoreLastValues withExpiry(Duration expiry) {
    if (expiry.isNegative() || expiry.toMillis() % 1_000 != 0) {
      throw new IllegalArgumentException(
          "found an expiry of %d ms, expected whole seconds".formatted(expiry.toMillis()));
    }
    return toBuilder().setExpiry(expiry).build();
  }

  /** How long a server that is away is tried again, 30 s by default. */
  public StoreLastValues withPatience(Duration patience) {
    return toBuilder().setPatience(patience).build();
  }

  /** The largest hash, names and values, in bytes: 1,000,000 by default. */
  public StoreLastValues withMaxBytes(int bytes) {
    return toBuilder().setMaxBytes(bytes).build();
  }

  /**
   * Looks, at launch, whether the server is there and may be written to.
   *
   * @throws IllegalArgumentException when it is not
   */
  public void check() {
    try (Jedis jedis = access().connect(LOOKING)) {
      String unused = jedis.scriptLoad(HashWriter.SCRIPT);
    } catch (JedisDataException e) {
      throw new IllegalArgumentException(
          "%s: found %s, expected a user and a password that it knows, and who may run scripts"
              .formatted(access(), RedisAccess.refusal(e)),
          e);
    } catch (JedisException e) {
      throw new IllegalArgumentException(
          "%s: found %s, expected it to answer"
              .formatted(access(), RedisAccess.away(e).getMessage()),
          e);
    } catch (MissingSecretException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Looks at what can be known without the server: whether an event of {@code layout} has what is
   * kept and what names it.
   *
   * @throws IllegalArgumentException naming what it has not
   */
  @Override
  public EventLayout layout(EventLayout layout) {
    KeyPattern unused = KeyPattern.of(key(), layout);
    if (columns().isEmpty()) {
      throw new IllegalArgumentException("found no columns, expected one or more to be kept");
    }
    for (String name : columns()) {
      Column column = layout.column(name);
      if (OWN_FIELDS.contains(column.name())) {
        throw new IllegalArgumentException(
            "found column '%s', expected another: every hash has a field of that name"
                .formatted(name));
      }
    }
    return layout;
  }

  @Override
  public EventStep step(EventLayout input) {
    EventLayout checked = layout(input);
    return new StoreStep(
        access(),
        KeyPattern.of(key(), checked),
        columns().stream().map(checked::column).toList(),
        expiry(),
        patience(),
        maxBytes());
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setAccess(RedisAccess value);

    abstract Builder setKey(String value);

    abstract Builder setColumns(List<String> value);

    abstract Builder setExpiry(Duration value);

    abstract Builder setPatience(Duration value);

    abstract Builder setMaxBytes(int value);

    abstract StoreLastValues build();
  }
}
