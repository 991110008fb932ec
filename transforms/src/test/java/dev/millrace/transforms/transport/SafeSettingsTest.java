package dev.millrace.transforms.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafeSettingsTest {

  private static final String OAUTH =
      "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"c\" clientSecret=\"secret:env:S\" %s;";

  @Test
  void kafkas_own_handler_of_oauth_logins_passes_and_no_other() {
    Map<String, String> own =
        Map.of(
            "sasl.login.callback.handler.class",
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
    assertThat(SafeSettings.of(own)).isEqualTo(own);
    assertThatThrownBy(
            () -> SafeSettings.of(Map.of("sasl.login.callback.handler.class", "evil.Handler")))
        .hasMessageContaining("it names code to load, and only org.apache.kafka.common.security");
  }

  @Test
  void a_token_comes_over_tls_or_from_this_machine() {
    for (String url :
        List.of(
            "https://login.microsoftonline.com/t-1/oauth2/v2.0/token",
            "https://idp:8443/token",
            "http://127.0.0.1:8080/token",
            "http://localhost/token")) {
      assertThat(SafeSettings.of(Map.of("sasl.oauthbearer.token.endpoint.url", url)))
          .containsValue(url);
    }
    for (String url :
        List.of(
            "file:///etc/passwd",
            "http://idp/token",
            "https://u:hunter2@idp/token",
            "https://idp/token?password=hunter2",
            "http://localhost.evil/token")) {
      assertThatThrownBy(() -> SafeSettings.of(Map.of("sasl.oauthbearer.token.endpoint.url", url)))
          .hasMessageContaining("expected an address of https")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void a_login_may_not_name_code_either() {
    assertThat(SafeSettings.of(Map.of("sasl.jaas.config", OAUTH.formatted("scope=\"s\""))))
        .hasSize(1);
    for (String option :
        List.of(
            "ssl.engine.factory.class=\"evil.Factory\"",
            "config.providers=\"p\" config.providers.p.class=\"evil.Provider\"",
            "security.providers=evil")) {
      assertThatThrownBy(() -> SafeSettings.of(Map.of("sasl.jaas.config", OAUTH.formatted(option))))
          .hasMessageContaining("names code to load");
    }
    assertThatThrownBy(
            () ->
                SafeSettings.of(
                    Map.of("sasl.jaas.config", OAUTH.formatted("ssl.keystore.key=\"PEM\""))))
        .hasMessageContaining("found a secret in plain text");
  }
}
