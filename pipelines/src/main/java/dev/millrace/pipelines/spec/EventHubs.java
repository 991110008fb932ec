package dev.millrace.pipelines.spec;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A namespace of Azure Event Hubs, reached through its Kafka endpoint, so that a hub is read and
 * written as a topic is. Source: "Azure Event Hubs for Apache Kafka" and "Recommended
 * configurations for Apache Kafka clients", Microsoft Learn.
 *
 * @param namespace its name, as {@code my-bank}; its host, where that does not end in {@code
 *     servicebus.windows.net}; or {@code host:port}
 */
public record EventHubs(String namespace, Login login) {

  private static final String HOST = ".servicebus.windows.net";
  private static final int PORT = 9093;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");

  /**
   * An idle connection is closed by Azure after four minutes, without a word to the client; one
   * with a larger request than this at once.
   */
  private static final Map<String, String> RECOMMENDED =
      Map.of(
          "connections.max.idle.ms", "180000",
          "metadata.max.age.ms", "180000",
          "metadata.max.idle.ms", "180000",
          "max.request.size", "1000000");

  private static final Pattern REFERENCE = Pattern.compile("secret:[a-z]+:[^\"\\\\]+");

  /** What the login says. */
  private static final Set<String> OF_LOGIN =
      Set.of("security.protocol", "sasl.mechanism", "sasl.jaas.config");

  /** Who reads and writes. */
  public sealed interface Login {

    /** The settings of a Kafka client that asks {@code host}. */
    Map<String, String> settings(String host);
  }

  /**
   * By the namespace's or a hub's connection string.
   *
   * @param secret where it is to be had, as {@code secret:env:NAME}
   */
  public record ConnectionString(String secret) implements Login {
    public ConnectionString {
      checkSecret(secret);
    }

    @Override
    public Map<String, String> settings(String host) {
      return Map.of(
          "sasl.mechanism",
          "PLAIN",
          "sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$ConnectionString\" password=\"%s\";"
              .formatted(secret));
    }
  }

  /**
   * As an application of Microsoft Entra ID, by OAuth 2.0 client credentials.
   *
   * @param tenant the directory's id
   * @param client the application's id
   * @param secret where its secret is to be had
   */
  public record OAuth(String tenant, String client, String secret) implements Login {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]+");
    private static final String TIMEOUT_MILLIS = "10000";

    /** Who gives tokens, by the end of a namespace's host: that of the public cloud else. */
    private static final Map<String, String> AUTHORITIES =
        Map.of(
            ".chinacloudapi.cn", "login.partner.microsoftonline.cn",
            ".usgovcloudapi.net", "login.microsoftonline.us");

    public OAuth {
      expect("tenant", tenant);
      expect("client", client);
      checkSecret(secret);
    }

    private static void expect(String name, String id) {
      if (!ID.matcher(id).matches()) {
        throw new IllegalArgumentException(
            "found %s '%s', expected an id of letters, digits, '-' and '.'".formatted(name, id));
      }
    }

    @Override
    public Map<String, String> settings(String host) {
      Map<String, String> settings = new HashMap<>();
      settings.put("sasl.mechanism", "OAUTHBEARER");
      settings.put(
          "sasl.login.callback.handler.class",
          "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
      settings.put("sasl.login.connect.timeout.ms", TIMEOUT_MILLIS);
      settings.put("sasl.login.read.timeout.ms", TIMEOUT_MILLIS);
      settings.put(
          "sasl.oauthbearer.token.endpoint.url",
          "https://%s/%s/oauth2/v2.0/token".formatted(authority(host), tenant));
      settings.put(
          "sasl.jaas.config",
          "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"%s\" clientSecret=\"%s\" scope=\"https://%s/.default\";"
              .formatted(client, secret, host));
      return settings;
    }

    private static String authority(String host) {
      return AUTHORITIES.entrySet().stream()
          .filter(cloud -> host.endsWith(cloud.getKey()))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse("login.microsoftonline.com");
    }
  }

  public EventHubs {
    if (!NAME.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "found namespace '%s', expected its name, its host, or host:port".formatted(namespace));
    }
  }

  /** It becomes part of a login, between quotes. */
  private static void checkSecret(String secret) {
    if (!REFERENCE.matcher(secret).matches()) {
      throw new IllegalArgumentException(
          "found a secret in plain text, or a path with a quote or a backslash, expected where it is to be had: secret:env:NAME or secret:file:PATH");
    }
  }

  /**
   * Checks what is given by hand beside the login.
   *
   * @throws IllegalArgumentException naming settings that the login says
   */
  public static void check(Map<String, String> given) {
    Set<String> twice = new TreeSet<>(given.keySet());
    twice.retainAll(OF_LOGIN);
    if (!twice.isEmpty()) {
      throw new IllegalArgumentException(
          "found %s, which connectionString or oauth says, expected other settings of a Kafka client, or kafka: instead of eventHubs:"
              .formatted(String.join(", ", twice)));
    }
  }

  /** {@code host:port} of the Kafka endpoint. */
  public String endpoint() {
    return namespace.contains(":") ? namespace : "%s:%d".formatted(host(), PORT);
  }

  private String host() {
    String name = namespace.replaceFirst(":.*", "");
    return name.contains(".") || namespace.contains(":") ? name : name + HOST;
  }

  /** What a Kafka client is set to; {@code given} by hand wins. */
  Map<String, String> settings(Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>(RECOMMENDED);
    all.put("security.protocol", "SASL_SSL");
    all.putAll(login.settings(host()));
    all.putAll(given);
    return all;
  }
}
