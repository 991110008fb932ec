package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.secret.Secret;
import dev.millrace.transforms.transport.RedisAccess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code redis: { url, user, password, key, columns, expire, maxRecordBytes }}. */
final class RedisTransport implements SinkTransport {

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section redis =
        value.section("url", "user", "password", "key", "columns", "expire", "maxRecordBytes");
    Value url = redis.required("url");
    String address = url.text();
    String user = redis.optional("user").map(Value::text).orElse(null);
    String password = redis.optional("password").map(Value::secret).orElse(null);
    RedisAccess unused = url.checked(() -> new RedisAccess(address, user, secret(password)));
    String key = redis.required("key").text();
    List<String> columns = redis.required("columns").list(Value::field);
    Duration expire = redis.optional("expire").map(Value::duration).orElse(Duration.ZERO);
    int maxRecordBytes = KafkaTransport.maxRecordBytes(redis, Integer.MAX_VALUE);
    return new SinkSpec.Redis(address, user, password, key, columns, expire, maxRecordBytes);
  }

  private static @Nullable Secret secret(@Nullable String reference) {
    return reference == null ? null : Secret.of(reference);
  }
}
