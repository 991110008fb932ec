package dev.millrace.transforms.lookup;

import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hashes in Redis, one for each key, whose fields are text: of many keys it asks {@code HMGET} in
 * one pipeline. A hash that has none of the wanted fields is none. A key that holds something else
 * than a hash is that key's trouble; a login that is refused, or a server that is loading, passes.
 * A cluster is not followed from node to node: name a server, or a proxy before it.
 *
 * @param url {@code redis://host:port/database}, or {@code rediss:} for TLS
 * @param key the name of a hash, with {@code {key}} in it
 * @param user of an ACL; null for the default user
 * @param password null for none
 */
public record RedisHashes(String url, String key, @Nullable String user, @Nullable Secret password)
    implements ReferenceSource {

  private static final Pattern URL =
      Pattern.compile("rediss?://([\\w.-]+|\\[[0-9a-fA-F:]+])(:\\d{1,5})?(/\\d{1,4})?");
  private static final int PORT = 6379;

  /**
   * Checks the forms.
   *
   * @throws IllegalArgumentException for an address that is none, or says a login
   */
  public RedisHashes {
    if (!URL.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "found an address of another form, expected redis://host:port/database or rediss://, with user and password beside it");
    }
    if (user != null && password == null) {
      throw new IllegalArgumentException("found a user and no password, expected both");
    }
    var unused = new KeyTemplate(key);
  }

  @Override
  public String name() {
    return "Redis " + url;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  String host() {
    return URI.create(url).getHost();
  }

  int port() {
    int port = URI.create(url).getPort();
    return port < 0 ? PORT : port;
  }

  int database() {
    String path = URI.create(url).getPath();
    return path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
  }

  boolean tls() {
    return url.startsWith("rediss:");
  }

  @Override
  public void check(LookupColumns columns) throws IOException {
    new RedisServer(this, columns).check();
  }

  @Override
  public Reference open(LookupColumns columns, AskingRules rules) {
    return new AskedReference(new RedisServer(this, columns), rules);
  }
}
