package dev.millrace.transforms.transport;

import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * How a Redis server is reached. A cluster is not followed from node to node: name a server, or a
 * proxy before it.
 *
 * @param url {@code redis://host:port/database}, or {@code rediss:} for TLS
 * @param user of an ACL; null for the default user
 * @param password null for none
 */
public record RedisAccess(String url, @Nullable String user, @Nullable Secret password)
    implements Serializable {

  private static final Pattern URL =
      Pattern.compile("rediss?://([\\w.-]+|\\[[0-9a-fA-F:]+])(:\\d{1,5})?(/\\d{1,4})?");
  private static final int PORT = 6379;

  /**
   * Checks the forms.
   *
   * @throws IllegalArgumentException for an address that is none, or says a login
   */
  public RedisAccess {
    if (!URL.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "found an address of another form, expected redis://host:port/database or rediss://, with user and password beside it");
    }
    if (user != null && password == null) {
      throw new IllegalArgumentException("found a user and no password, expected both");
    }
  }

  /**
   * A connection, logged in.
   *
   * @param patience for it, and for each answer
   * @throws dev.millrace.transforms.secret.MissingSecretException when the password is not there
   * @throws JedisException when the server is away, or refuses
   */
  public Jedis connect(Duration patience) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis((int) patience.toMillis())
            .socketTimeoutMillis((int) patience.toMillis())
            .database(database())
            .clientName("millrace");
    if (password != null) {
      config.user(user).password(password.value());
    }
    if (url.startsWith("rediss:")) {
      SSLParameters verifying = new SSLParameters();
      // The client by itself believes any certificate of a known authority, whoever shows it.
      verifying.setEndpointIdentificationAlgorithm("HTTPS");
      config.ssl(true).sslParameters(verifying);
    }
    URI uri = URI.create(url);
    int port = uri.getPort() < 0 ? PORT : uri.getPort();
    return new Jedis(new HostAndPort(uri.getHost(), port), config.build());
  }

  private int database() {
    String path = URI.create(url).getPath();
    return path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
  }

  /** What to say of a server that does not answer. */
  public static IOException away(JedisException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String why = cause.getMessage();
    return new IOException("no answer (%s)".formatted(why == null ? cause : why), e);
  }

  /** Whether the same will be answered otherwise in a while. */
  public static boolean passes(JedisDataException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("LOADING") || message.startsWith("MASTERDOWN");
  }

  /** Redis does not repeat what it was given, but of an ACL's user it says the name. */
  public static String refusal(JedisDataException e) {
    return e instanceof JedisAccessControlException
        ? "a login that it refuses (%s)".formatted(e.getMessage())
        : "a refusal (%s)".formatted(e.getMessage());
  }

  @Override
  public String toString() {
    return "Redis " + url;
  }
}
