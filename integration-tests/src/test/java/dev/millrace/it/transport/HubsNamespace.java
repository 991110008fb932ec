package dev.millrace.it.transport;

import dev.millrace.it.registry.Certificates;
import dev.millrace.pipelines.services.KafkaBroker;
import java.util.HashMap;
import java.util.Map;

/**
 * A broker that is asked as the Kafka endpoint of an Event Hubs namespace is: over TLS, by the user
 * {@code $ConnectionString} with the connection string as password, or with a token that {@link
 * TokenServer} signed.
 */
record HubsNamespace(Certificates certificates, String connectionString, TokenServer tokens)
    implements KafkaBroker.Security {

  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$ConnectionString\" password=\"%s\"";

  @Override
  public String protocol() {
    return "SASL_SSL";
  }

  @Override
  public Map<String, String> ofServer() {
    String login = PLAIN.formatted(connectionString);
    Map<String, String> settings = new HashMap<>(trust(Certificates.PASSWORD));
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificates.keyOf("server").toString());
    settings.put("ssl.keystore.password", Certificates.PASSWORD);
    settings.put("sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.broker.plain.sasl.jaas.config",
        login + " user_$ConnectionString=\"%s\";".formatted(connectionString));
    settings.put(
        "listener.name.broker.oauthbearer.sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
    settings.put(
        "listener.name.broker.oauthbearer.sasl.server.callback.handler.class",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
    settings.put("sasl.oauthbearer.jwks.endpoint.url", tokens.keys().toUri().toString());
    settings.put("sasl.oauthbearer.expected.audience", TokenServer.AUDIENCE);
    return settings;
  }

  @Override
  public Map<String, String> ofClient() {
    Map<String, String> settings = new HashMap<>(trust(Certificates.PASSWORD));
    settings.put("security.protocol", protocol());
    settings.put("sasl.mechanism", "PLAIN");
    settings.put("sasl.jaas.config", PLAIN.formatted(connectionString) + ";");
    return settings;
  }

  /** Whom a client believes; the certificate is signed by itself. */
  Map<String, String> trust(String password) {
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        certificates.trustIn("server").toString(),
        "ssl.truststore.password",
        password);
  }
}
