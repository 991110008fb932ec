package dev.millrace.pipelines.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.transport.SafeSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventHubsTest {

  @Test
  void connection_string_becomes_a_password_over_tls() {
    EventHubs hubs = new EventHubs("my-bank", new EventHubs.ConnectionString("secret:env:HUBS"));
    assertThat(SafeSettings.of(hubs.settings(Map.of("linger.ms", "5"))))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "PLAIN")
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$ConnectionString\" password=\"secret:env:HUBS\";")
        .containsEntry("connections.max.idle.ms", "180000")
        .containsEntry("max.request.size", "1000000")
        .containsEntry("linger.ms", "5");
  }

  @Test
  void application_asks_for_a_token_for_its_namespace() {
    EventHubs hubs =
        new EventHubs("my-bank", new EventHubs.OAuth("tenant-1", "client-1", "secret:env:S"));
    assertThat(SafeSettings.of(hubs.settings(Map.of())))
        .containsEntry("sasl.mechanism", "OAUTHBEARER")
        .containsEntry(
            "sasl.oauthbearer.token.endpoint.url",
            "https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token")
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"client-1\" clientSecret=\"secret:env:S\" scope=\"https://my-bank.servicebus.windows.net/.default\";");
  }

  @Test
  void what_is_given_by_hand_wins() {
    EventHubs hubs = new EventHubs("localhost:9", new EventHubs.ConnectionString("secret:env:H"));
    assertThat(hubs.endpoint()).isEqualTo("localhost:9");
    assertThat(hubs.settings(Map.of("metadata.max.age.ms", "1")))
        .containsEntry("metadata.max.age.ms", "1");
  }

  @Test
  void a_host_of_another_cloud_keeps_its_name_and_has_its_own_authority() {
    EventHubs hubs =
        new EventHubs(
            "my-bank.servicebus.chinacloudapi.cn",
            new EventHubs.OAuth("tenant-1", "client-1", "secret:env:S"));
    assertThat(hubs.endpoint()).isEqualTo("my-bank.servicebus.chinacloudapi.cn:9093");
    assertThat(hubs.settings(Map.of()))
        .containsEntry(
            "sasl.oauthbearer.token.endpoint.url",
            "https://login.partner.microsoftonline.cn/tenant-1/oauth2/v2.0/token");
  }

  @Test
  void a_secret_in_plain_text_is_refused_and_not_repeated() {
    assertThatThrownBy(() -> new EventHubs.ConnectionString("Endpoint=sb://n/;SharedAccessKey=k"))
        .hasMessageContaining("found a secret in plain text")
        .hasMessageNotContaining("sb://");
    assertThatThrownBy(
            () -> new EventHubs.OAuth("t", "c", "secret:file:/x\" ssl.engine.factory.class=\"y"))
        .hasMessageContaining("or a path with a quote");
  }
}
