package dev.millrace.it.lookup;

import dev.millrace.it.services.OwnServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;

/** Debian's Redis, with a password, and customers in it. */
final class RedisStand extends OwnServer {

  static final Path PROGRAM = Path.of("/usr/bin/redis-server");

  private final Path folder;
  private final String password;

  private RedisStand(Path folder, String password) throws IOException {
    super("redis", folder);
    this.folder = folder;
    this.password = password;
  }

  static RedisStand start(Path folder, String password) throws Exception {
    RedisStand redis = new RedisStand(folder, password);
    redis.start();
    return redis;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  String url() {
    return "redis://127.0.0.1:%d/0".formatted(port);
  }

  void put(String customer, Map<String, String> fields) {
    try (Jedis jedis = client()) {
      jedis.hset("customer:" + customer, fields);
    }
  }

  void putText(String customer, String text) {
    try (Jedis jedis = client()) {
      jedis.set("customer:" + customer, text);
    }
  }

  Map<String, String> hash(String customer) {
    try (Jedis jedis = client()) {
      return jedis.hgetAll("customer:" + customer);
    }
  }

  private Jedis client() {
    Jedis jedis = new Jedis("127.0.0.1", port);
    jedis.auth(password);
    return jedis;
  }

  @Override
  protected List<String> command() {
    return List.of(
        PROGRAM.toString(),
        "--bind",
        "127.0.0.1",
        "--port",
        Integer.toString(port),
        "--dir",
        folder.toString(),
        "--requirepass",
        password,
        "--appendonly",
        "yes");
  }

  @Override
  protected String signal() {
    return "TERM";
  }

  @Override
  protected void ask() {
    try (Jedis jedis = client()) {
      String unused = jedis.ping();
    }
  }
}
