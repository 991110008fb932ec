package dev.millrace.transforms.lookup;

import dev.millrace.transforms.transport.RedisAccess;
import java.io.IOException;

/**
 * Hashes in Redis, one for each key, whose fields are text: of many keys it asks {@code HMGET} in
 * one pipeline. A hash that has none of the wanted fields is none. A key that holds something else
 * than a hash is that key's trouble; a login that is refused, or a server that is loading, passes.
 *
 * @param key the name of a hash, with {@code {key}} in it
 */
public record RedisHashes(RedisAccess access, String key) implements ReferenceSource {

  /**
   * Checks the form of the key.
   *
   * @throws IllegalArgumentException for one without {@code {key}}
   */
  public RedisHashes {
    var unused = new KeyTemplate(key);
  }

  @Override
  public String name() {
    return access.toString();
  }

  @Override
  public boolean isRemote() {
    return true;
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
