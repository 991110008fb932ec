package dev.millrace.transforms.transport;

import dev.millrace.transforms.secret.MissingSecretException;
import dev.millrace.transforms.secret.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The passwords among the settings of a Kafka client. A pipeline carries where they are to be had;
 * only where a client is made, on a worker or by the launcher, are they read, each time anew.
 *
 * <pre>{@code
 * security.protocol: SASL_SSL
 * sasl.mechanism: PLAIN
 * sasl.jaas.config: >-
 *   org.apache.kafka.common.security.plain.PlainLoginModule required
 *   username="millrace" password="secret:env:KAFKA_PASSWORD";
 * ssl.keystore.password: secret:file:/run/secrets/keystore
 * }</pre>
 */
public final class SecretSettings {

  private static final String REFERENCE = "secret:";

  /** Whole logins, with a password within, or a reference to all of it. */
  static final String LOGIN = "sasl.jaas.config";

  /** Typed as passwords by Kafka, and yet for everybody to read. */
  private static final Set<String> CERTIFICATES =
      Set.of("ssl.truststore.certificates", "ssl.keystore.certificate.chain");

  private static final Pattern OPTION =
      Pattern.compile(
          "(?<name>\\w[\\w.-]*)\\s*=\\s*(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"|(?<bare>[\\w.-]+))");
  private static final Pattern SECRETIVE =
      Pattern.compile(".*(password|secret|passphrase|keystore\\.key)");

  private SecretSettings() {}

  /**
   * Refuses a password in plain text, and a reference where Kafka would log what it stands for.
   *
   * @throws IllegalArgumentException saying what to write instead, without repeating the value
   */
  static void check(String name, String value) {
    if (name.endsWith(LOGIN) && !isReference(value)) {
      Matcher option = OPTION.matcher(value);
      while (option.find()) {
        checkOption(name, option.group("name"), text(option));
      }
    } else if (name.endsWith(LOGIN) || isPassword(name)) {
      checkReference(name, value, "%s: secret:env:NAME".formatted(name));
    } else if (isReference(value)) {
      throw SafeSettings.refused(
          name, "found a secret where Kafka expects none: it would write it into its log");
    }
  }

  /**
   * The settings with every secret in its place, for a client and nothing else.
   *
   * @throws MissingSecretException when one is not where it was said to be
   */
  public static Map<String, Object> resolve(Map<String, ?> settings) {
    Map<String, Object> resolved = new HashMap<>();
    settings.forEach(
        (name, value) ->
            resolved.put(name, value instanceof String text ? resolve(name, text) : value));
    return resolved;
  }

  private static String resolve(String name, String value) {
    if (!isReference(value)) {
      return name.endsWith(LOGIN) ? resolveOptions(value) : value;
    }
    String secret = Secret.of(value).value();
    if (name.endsWith(LOGIN)) {
      SafeSettings.checkLogin(name, secret);
    }
    return secret;
  }

  private static String resolveOptions(String login) {
    Matcher option = OPTION.matcher(login);
    StringBuilder resolved = new StringBuilder();
    while (option.find()) {
      String value = text(option);
      String replacement =
          isReference(value)
              ? "%s=\"%s\"".formatted(option.group("name"), quoted(Secret.of(value).value()))
              : option.group();
      option.appendReplacement(resolved, Matcher.quoteReplacement(replacement));
    }
    return option.appendTail(resolved).toString();
  }

  /** As Java's tokenizer reads it back. */
  private static String quoted(String secret) {
    return secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /** The names of a login's options. */
  static List<String> optionsOf(String login) {
    return OPTION.matcher(login).results().map(option -> option.group(1)).toList();
  }

  private static void checkOption(String setting, String option, String value) {
    if (SECRETIVE.matcher(option.toLowerCase(Locale.ROOT)).matches() || isReference(value)) {
      checkReference(setting, value, "%s=\"secret:env:NAME\" in it".formatted(option));
    }
  }

  private static void checkReference(String setting, String value, String remedy) {
    try {
      Secret.of(value);
    } catch (IllegalArgumentException e) {
      throw SafeSettings.refused(setting, "%s; write %s".formatted(e.getMessage(), remedy));
    }
  }

  static boolean isReference(String value) {
    return value.startsWith(REFERENCE);
  }

  private static String text(Matcher option) {
    String quoted = option.group("quoted");
    return quoted == null ? option.group("bare") : quoted;
  }

  private static boolean isPassword(String name) {
    return !CERTIFICATES.contains(name)
        && (isPassword(ProducerConfig.configDef(), name)
            || isPassword(ConsumerConfig.configDef(), name)
            || isPassword(AdminClientConfig.configDef(), name));
  }

  private static boolean isPassword(ConfigDef known, String name) {
    ConfigDef.ConfigKey key = known.configKeys().get(name);
    return key != null && key.type == ConfigDef.Type.PASSWORD;
  }
}
