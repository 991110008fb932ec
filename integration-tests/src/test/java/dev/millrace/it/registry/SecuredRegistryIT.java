package dev.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.registry.Authentication.Basic;
import dev.millrace.transforms.registry.Authentication.Bearer;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.Tls;
import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry behind TLS, a login, and a look at certificates. */
class SecuredRegistryIT {

  private static final SchemaText SCHEMA =
      SchemaText.of(SchemaText.AVRO, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");

  private static RegistryServer server;
  private static Certificates certificates;

  @TempDir private Path folder;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    certificates = Certificates.in(folder);
    server = RegistryServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  private static ConfluentRegistry at(Gate gate) {
    return ConfluentRegistry.at(gate.url()).withPatience(Duration.ofSeconds(5));
  }

  private static Tls trusting() {
    return Tls.trusting(certificates.trustIn("server"), certificates.password());
  }

  @Test
  void private_authority_is_believed_only_when_its_store_is_given() throws Exception {
    try (Gate gate = new Gate(certificates, server.url(), false)) {
      assertThatThrownBy(() -> at(gate).withPatience(Duration.ZERO).check())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("unable to find valid certification path");
      ConfluentRegistry registry = at(gate).withTls(trusting());
      registry.check();
      int id = registry.register("tls", SCHEMA);
      assertThat(registry.find(SchemaId.of(id))).contains(SCHEMA);
    }
  }

  @Test
  void password_and_token_are_shown_and_a_rotated_one_is_picked_up() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "first\n");
    Secret secret = Secret.of("secret:file:" + file);
    try (Gate gate = new Gate(certificates, server.url(), false)) {
      gate.expect("Basic bWU6Zmlyc3Q=");
      ConfluentRegistry byPassword =
          at(gate).withTls(trusting()).withAuthentication(new Basic("me", secret));
      byPassword.check();
      int id = byPassword.register("login", SCHEMA);
      assertThat(byPassword.find(SchemaId.of(id))).contains(SCHEMA);

      gate.expect("Bearer second");
      ConfluentRegistry byToken =
          at(gate).withTls(trusting()).withAuthentication(new Bearer(secret));
      assertThatThrownBy(byToken::check)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found answer 401")
          .hasMessageNotContaining("first");
      assertThatThrownBy(() -> byToken.versions("login"))
          .isInstanceOf(SchemaSourceUnavailableException.class);
      Files.writeString(file, "second\n");
      assertThat(byToken.versions("login")).containsExactly(1);
      assertThat(byToken.find(SchemaId.of(id))).contains(SCHEMA);
    }
  }

  @Test
  void certificate_is_shown_and_one_that_was_replaced_is_picked_up() throws Exception {
    try (Gate gate = new Gate(certificates, server.url(), true)) {
      assertThatThrownBy(() -> at(gate).withTls(trusting()).check())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found it unreachable");
      // The server's own key is none that the server trusts.
      Path own = Files.copy(certificates.keyOf("server"), folder.resolve("own.p12"));
      ConfluentRegistry registry =
          at(gate).withTls(trusting().withOwn(own, certificates.password()));
      assertThatThrownBy(registry::check).isInstanceOf(IllegalArgumentException.class);
      Files.copy(certificates.keyOf("client"), own, StandardCopyOption.REPLACE_EXISTING);
      registry.check();
      assertThat(registry.find(SchemaId.of(2_000_000))).isEmpty();
    }
  }

  @Test
  void stores_that_cannot_be_opened_are_named_without_their_passwords() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong"), "not-it");
    Secret password = Secret.of("secret:file:" + wrong);
    try (Gate gate = new Gate(certificates, server.url(), true)) {
      ConfluentRegistry registry =
          at(gate)
              .withPatience(Duration.ZERO)
              .withTls(Tls.trusting(certificates.trustIn("server"), password));
      assertThatThrownBy(registry::check)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("trust-server.p12: found no PKCS12 file that its password opens")
          .hasMessageNotContaining("not-it");
    }
  }
}
