package dev.millrace.transforms.deliver.redis;

import dev.millrace.transforms.secret.MissingSecretException;
import dev.millrace.transforms.step.Patience;
import dev.millrace.transforms.transport.RedisAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Writes hashes, all of a call in one pipeline, and all again when the server went away meanwhile:
 * to write one twice is to write it once. Not thread-safe.
 */
final class HashWriter implements AutoCloseable {

  /**
   * Compares the event's time with the hash's, and writes it when it is not older. Arguments: the
   * time in milliseconds, seconds to live or 0, how many of the rest are names and values to set;
   * then these, then names to remove.
   */
  static final String SCRIPT =
      """
      local before = redis.call('HGET', KEYS[1], 'event_time')
      if before and tonumber(before) > tonumber(ARGV[1]) then
        return 0
      end
      redis.call('HSET', KEYS[1], 'event_time', ARGV[1])
      local last = 3 + tonumber(ARGV[3])
      for i = 4, last, 2 do
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
      end
      for i = last + 1, #ARGV do
        redis.call('HDEL', KEYS[1], ARGV[i])
      end
      if ARGV[2] ~= '0' then
        redis.call('EXPIRE', KEYS[1], ARGV[2])
      end
      return 1
      """;

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final RedisAccess access;
  private final Patience patience;
  private @Nullable Jedis connection;
  private String script = "";

  /**
   * @param patience how long a server that is away is tried again
   */
  HashWriter(RedisAccess access, Duration patience) {
    this.access = access;
    this.patience = new Patience(patience, FIRST_PAUSE, LONGEST_PAUSE);
  }

  /**
   * Returns when the server has them all.
   *
   * @return of each why the server refused it; null where it did not
   * @throws IOException when the server is away, or does not let in who writes
   */
  List<@Nullable String> write(List<HashUpdate> updates) throws IOException {
    try {
      return patience
          .<List<@Nullable String>>begin(
              failure -> failure instanceof IOException, written -> false, any -> Optional.empty())
          .executeCallable(() -> writeOnce(updates));
    } catch (Exception e) {
      throw new IOException(
          "%s: found %s; the bundle is tried again".formatted(access, e.getMessage()), e);
    }
  }

  private List<@Nullable String> writeOnce(List<HashUpdate> updates) throws IOException {
    try {
      Jedis jedis = connected();
      List<Response<Object>> answers = new ArrayList<>();
      try (Pipeline pipeline = jedis.pipelined()) {
        for (HashUpdate update : updates) {
          answers.add(pipeline.evalsha(script, List.of(update.key()), update.arguments()));
        }
        pipeline.sync();
      }
      List<@Nullable String> refusals = new ArrayList<>();
      for (Response<Object> answer : answers) {
        refusals.add(refusal(answer));
      }
      return refusals;
    } catch (JedisConnectionException e) {
      disconnect();
      throw RedisAccess.away(e);
    } catch (JedisException | MissingSecretException e) {
      disconnect();
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Of one hash only where what it is there is no hash; else it is the server that refuses. */
  private static @Nullable String refusal(Response<Object> answer) {
    try {
      Object unused = answer.get();
      return null;
    } catch (JedisDataException e) {
      if (String.valueOf(e.getMessage()).contains("WRONGTYPE")) {
        return "found another type of value under its key, expected a hash or nothing";
      }
      throw e;
    }
  }

  private Jedis connected() {
    Jedis jedis = connection;
    if (jedis == null) {
      jedis = access.connect(ANSWER);
      connection = jedis;
      script = jedis.scriptLoad(SCRIPT);
    }
    return jedis;
  }

  /** A server that was restarted, or another behind the same address, has no script. */
  private void disconnect() {
    try (Jedis gone = connection) {
      connection = null;
    } catch (JedisException e) {
      // It was gone already.
    }
  }

  @Override
  public void close() {
    disconnect();
  }
}
