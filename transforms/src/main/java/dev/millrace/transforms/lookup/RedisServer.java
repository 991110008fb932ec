package dev.millrace.transforms.lookup;

import dev.millrace.transforms.secret.MissingSecretException;
import dev.millrace.transforms.transport.RedisAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Asks Redis for hashes. */
final class RedisServer implements Server {

  private static final int KEYS_AT_ONCE = 500;
  private static final int CONNECTIONS = 8;

  private final RedisHashes source;
  private final KeyTemplate template;
  private final LookupColumns columns;
  private final String[] fields;

  RedisServer(RedisHashes source, LookupColumns columns) {
    this.source = source;
    this.template = new KeyTemplate(source.key());
    this.columns = columns;
    this.fields = columns.wanted().toArray(String[]::new);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int keysAtOnce() {
    return KEYS_AT_ONCE;
  }

  @Override
  public int connections() {
    return CONNECTIONS;
  }

  /** As {@link ReferenceSource#check}. */
  void check() throws IOException {
    try (Jedis jedis = source.access().connect(Questions.CONNECTING)) {
      // One that may not read hashes is told now, not by the first event.
      List<String> unused = jedis.hmget(template.of("", UnaryOperator.identity()), fields);
    } catch (MissingSecretException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (JedisConnectionException e) {
      throw RedisAccess.away(e);
    } catch (JedisDataException e) {
      if (RedisAccess.passes(e)) {
        throw RedisAccess.away(e);
      }
      if (!String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
        throw new IllegalArgumentException(
            "%s: found %s, expected a user and a password that it knows, and who may read hashes there"
                .formatted(name(), RedisAccess.refusal(e)),
            e);
      }
    }
  }

  @Override
  public Session connect(Duration patience) throws IOException {
    try {
      return new Hashes(source.access().connect(patience), new AnswerReader(columns));
    } catch (JedisConnectionException e) {
      throw RedisAccess.away(e);
    } catch (JedisException | MissingSecretException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private final class Hashes implements Session {
    private final Jedis jedis;
    private final AnswerReader reader;

    Hashes(Jedis jedis, AnswerReader reader) {
      this.jedis = jedis;
      this.reader = reader;
    }

    @Override
    public Map<String, Answer> get(List<String> keys) throws IOException {
      Map<String, Answer> answers = new HashMap<>();
      try (Pipeline pipeline = jedis.pipelined()) {
        List<Response<List<String>>> hashes = new ArrayList<>();
        for (String key : keys) {
          hashes.add(pipeline.hmget(template.of(key, UnaryOperator.identity()), fields));
        }
        pipeline.sync();
        for (int i = 0; i < keys.size(); i++) {
          take(keys.get(i), hashes.get(i), answers);
        }
      } catch (JedisConnectionException e) {
        throw RedisAccess.away(e);
      } catch (JedisException e) {
        throw new IOException(e.getMessage(), e);
      }
      return answers;
    }

    private void take(String key, Response<List<String>> hash, Map<String, Answer> into) {
      List<String> values;
      try {
        values = hash.get();
      } catch (JedisDataException e) {
        if (!String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
          throw e;
        }
        into.put(key, new Answer.Invalid("found another type of value, expected a hash"));
        return;
      }
      if (values.stream().anyMatch(Objects::nonNull)) {
        into.put(key, reader.text(field -> values.get(columns.wanted().indexOf(field))));
      }
    }

    @Override
    public void close() {
      jedis.close();
    }
  }
}
