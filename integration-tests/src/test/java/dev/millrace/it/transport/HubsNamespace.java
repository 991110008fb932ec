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
record HubsNamespace(Certificates certificates, TokenServer tokens)
    implements KafkaBroker.Security {

  static final String CONNECTION_STRING =
      "Endpoint=sb://127.0.0.1/;SharedAccessKeyName=all;SharedAccessKey=c2VjcmV0+/s=";

  @Override
  public String protocol() {
    return "SASL_SSL";
  }

  @Override
  public Map<String, String> ofServer() {
    Map<String, String> settings = new HashMap<>(trust(Certificates.PASSWORD));
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificates.keyOf("server").toString());
    settings.put("ssl.keystore.password", Certificates.PASSWORD);
    settings.putAll(login().ofServer());
    settings.put("sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER");
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
    settings.putAll(login().ofClient());
    settings.put("security.protocol", protocol());
    return settings;
  }

  private KafkaBroker.Login login() {
    return new KafkaBroker.Login("$ConnectionString", CONNECTION_STRING);
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
