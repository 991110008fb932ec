package dev.millrace.transforms.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.secret.MissingSecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSettingsTest {

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a=b\" password=\"%s\";";

  @Test
  void password_in_plain_text_is_refused_with_what_to_write_instead() {
    assertThatThrownBy(() -> SafeSettings.of(Map.of("ssl.keystore.password", "hunter2")))
        .hasMessage(
            "Kafka setting 'ssl.keystore.password' is refused: found a secret in plain text, expected where it is to be had: secret:env:NAME or secret:file:PATH; write ssl.keystore.password: secret:env:NAME");
    assertThatThrownBy(
            () -> SafeSettings.of(Map.of("sasl.jaas.config", LOGIN.formatted("hunter2"))))
        .hasMessage(
            "Kafka setting 'sasl.jaas.config' is refused: found a secret in plain text, expected where it is to be had: secret:env:NAME or secret:file:PATH; write password=\"secret:env:NAME\" in it");
  }

  @Test
  void client_secret_without_quotes_is_one_too() {
    String login =
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"m\" clientSecret=hunter2;";
    assertThatThrownBy(() -> SafeSettings.of(Map.of("sasl.jaas.config", login)))
        .hasMessageContaining("clientSecret=\"secret:env:NAME\" in it")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void reference_is_refused_where_kafka_would_log_its_value() {
    assertThatThrownBy(() -> SafeSettings.of(Map.of("client.id", "secret:env:NAME")))
        .hasMessage(
            "Kafka setting 'client.id' is refused: found a secret where Kafka expects none: it would write it into its log");
  }

  @Test
  void certificate_may_stand_there_for_all_to_read() {
    Map<String, String> settings = Map.of("ssl.truststore.certificates", "-----BEGIN");
    assertThat(SafeSettings.of(settings)).isEqualTo(settings);
  }

  @Test
  void reference_is_resolved_and_read_anew_each_time(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "first\n");
    Map<String, String> settings =
        SafeSettings.of(Map.of("ssl.key.password", "secret:file:" + file, "acks", "all"));
    assertThat(SecretSettings.resolve(settings))
        .isEqualTo(Map.of("ssl.key.password", "first", "acks", "all"));
    Files.writeString(file, "second\n");
    assertThat(SecretSettings.resolve(settings)).containsEntry("ssl.key.password", "second");
  }

  @Test
  void login_is_read_back_by_kafka_whatever_the_password_holds(@TempDir Path folder)
      throws IOException {
    String password = "p\"a;s\\s $1 word=\"x\"";
    Path file = Files.writeString(folder.resolve("password"), password);
    Map<String, String> settings =
        SafeSettings.of(Map.of("sasl.jaas.config", LOGIN.formatted("secret:file:" + file)));
    Object resolved = SecretSettings.resolve(settings).get("sasl.jaas.config");
    JaasContext read =
        JaasContext.loadClientContext(
            Map.of("sasl.jaas.config", new Password(String.valueOf(resolved))));
    assertThat(read.configurationEntries().get(0).getOptions())
        .isEqualTo(Map.of("username", "a=b", "password", password));
    assertThat(settings.toString()).doesNotContain("a;s");
  }

  @Test
  void whole_login_may_be_a_secret_and_names_no_other_code_all_the_same(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("login");
    Map<String, String> settings =
        SafeSettings.of(Map.of("sasl.jaas.config", "secret:file:" + file));
    Files.writeString(file, LOGIN.formatted("hunter2"));
    assertThat(SecretSettings.resolve(settings))
        .containsEntry("sasl.jaas.config", LOGIN.formatted("hunter2"));
    Files.writeString(file, "com.sun.security.auth.module.JndiLoginModule required;");
    assertThatThrownBy(() -> SecretSettings.resolve(settings))
        .hasMessageContaining("found login module com.sun.security.auth.module.JndiLoginModule");
  }

  @Test
  void secret_that_is_not_there_is_named() {
    assertThatThrownBy(
            () -> SecretSettings.resolve(Map.of("ssl.key.password", "secret:env:NO_SUCH_NAME")))
        .isInstanceOf(MissingSecretException.class)
        .hasMessageStartingWith("secret:env:NO_SUCH_NAME: found no such variable");
  }

  @Test
  void resolved_passwords_are_of_the_type_that_kafka_hides_in_its_log() {
    ProducerConfig config =
        new ProducerConfig(
            Map.of(
                "bootstrap.servers", "b:1",
                "key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer",
                "value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer",
                "sasl.jaas.config", "canary",
                "ssl.truststore.password", "canary"));
    assertThat(config.values().toString()).doesNotContain("canary");
  }
}
