package dev.millrace.transforms.transport;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which settings of a Kafka client a user may pass through. A setting that names code to load, or a
 * login module that looks objects up over a network, would turn a configuration file into a program
 * that runs on every worker; those are refused. So is a password in plain text, see {@link
 * SecretSettings}.
 */
public final class SafeSettings {

  private static final Set<String> LOGIN_MODULES =
      Set.of(
          "org.apache.kafka.common.security.plain.PlainLoginModule",
          "org.apache.kafka.common.security.scram.ScramLoginModule",
          "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
          "com.sun.security.auth.module.Krb5LoginModule");

  /** The one class of Kafka's own that a login by OAuth cannot do without. */
  private static final String OAUTH = "sasl.login.callback.handler.class";

  private static final String OAUTH_HANDLER =
      "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler";

  private static final String PROVIDERS = "config.providers";

  private static final Set<String> NAMES_OF_CLASSES =
      Set.of(
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "partition.assignment.strategy",
          "metric.reporters",
          "security.providers");
  // One module with its options and nothing else, so that no second one hides behind a comment.
  private static final Pattern LOGIN =
      Pattern.compile(
          "\\s*(?<module>[\\w.$]+)\\s+(?:required|requisite|sufficient|optional)"
              + "(?:\\s+\\w[\\w.-]*\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[\\w.-]+))*+\\s*;\\s*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ENDPOINT =
      Pattern.compile(
          "(https://[\\w.-]+|http://(127\\.0\\.0\\.1|localhost))(:\\d{1,5})?(/[\\w./~-]*)?");

  private SafeSettings() {}

  /**
   * Returns a copy of {@code settings}.
   *
   * @throws IllegalArgumentException naming the first setting that is refused, and why
   */
  public static Map<String, String> of(Map<String, String> settings) {
    settings.forEach(SafeSettings::check);
    return Map.copyOf(settings);
  }

  private static void check(String name, String value) {
    if (name.startsWith(PROVIDERS)) {
      throw refused(name, "it can read files and variables of the worker");
    }
    if (name.endsWith(OAUTH)) {
      if (!value.equals(OAUTH_HANDLER)) {
        throw refused(name, "it names code to load, and only %s may be".formatted(OAUTH_HANDLER));
      }
    } else if (namesCode(name)) {
      throw refused(name, "it names code to load");
    }
    if (name.equals("transactional.id")) {
      throw refused(name, "a sink makes its own, see 'delivery'");
    }
    if (name.endsWith(SecretSettings.LOGIN) && !SecretSettings.isReference(value)) {
      checkLogin(name, value);
    }
    if (name.endsWith(".endpoint.url")) {
      checkEndpoint(name, value);
    }
    SecretSettings.check(name, value);
  }

  /** Kafka would read a file as well, and send a client's secret over any connection. */
  private static void checkEndpoint(String name, String value) {
    if (!ENDPOINT.matcher(value).matches()) {
      throw refused(
          name,
          "expected an address of https (or of http on this machine), without credentials or query");
    }
  }

  static void checkLogin(String name, String value) {
    Matcher login = LOGIN.matcher(value);
    if (!login.matches()) {
      throw refused(name, "expected one '<login module> required <option>=\"<value>\" ...;'");
    }
    if (!LOGIN_MODULES.contains(login.group("module"))) {
      throw refused(
          name,
          "found login module %s, expected one of %s".formatted(login.group("module"), sorted()));
    }
    // An OAuth login makes a client of its own, from its options, to fetch the token.
    for (String option : SecretSettings.optionsOf(value)) {
      if (option.startsWith(PROVIDERS) || namesCode(option)) {
        throw refused(name, "its option '%s' names code to load".formatted(option));
      }
    }
  }

  private static boolean namesCode(String name) {
    return name.endsWith(".class") || name.endsWith(".classes") || NAMES_OF_CLASSES.contains(name);
  }

  private static String sorted() {
    return String.join(", ", LOGIN_MODULES.stream().sorted().toList());
  }

  static IllegalArgumentException refused(String name, String why) {
    return new IllegalArgumentException("Kafka setting '%s' is refused: %s".formatted(name, why));
  }
}
