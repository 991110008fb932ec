package dev.millrace.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.registry.SchemaText.Reference;
import dev.millrace.transforms.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfluentRegistryTest {

  private static final String SCHEMA = "{\"schema\":\"\\\"string\\\"\"}";

  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private ConfluentRegistry registry() {
    return new ConfluentRegistry(server.endpoint("/api/"));
  }

  private void schemaAt(String path, String text, String references) {
    server.replyTo(
        path, 200, "{\"schema\":\"%s\",\"references\":[%s]}".formatted(text, references));
  }

  private static String reference(String name, int version) {
    return "{\"name\":\"%s\",\"subject\":\"%s\",\"version\":%d}".formatted(name, name, version);
  }

  @Test
  void schema_is_asked_for_once_and_kept() {
    server.reply(200, SCHEMA);
    for (int i = 0; i < 3; i++) {
      assertThat(registry().find(SchemaId.of(7))).contains(SchemaText.of("AVRO", "\"string\""));
    }
    assertThat(server.requests).containsExactly("GET /api/schemas/ids/7");
  }

  @Test
  void type_of_the_schema_is_told() {
    server.reply(200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");
    assertThat(registry().find(SchemaId.of(7))).contains(SchemaText.of("JSON", "{}"));
  }

  @Test
  void references_are_followed_each_once_and_after_what_it_needs() {
    schemaAt("/api/schemas/ids/7", "payment", reference("money", 1) + "," + reference("shop", 2));
    schemaAt("/api/subjects/money/versions/1", "money!", reference("currency", 3));
    schemaAt("/api/subjects/shop/versions/2", "shop!", reference("currency", 3));
    schemaAt("/api/subjects/currency/versions/3", "currency!", "");
    assertThat(registry().find(SchemaId.of(7)))
        .contains(
            new SchemaText(
                "AVRO",
                "payment",
                List.of(
                    new Reference("currency", "currency!"),
                    new Reference("money", "money!"),
                    new Reference("shop", "shop!"))));
    assertThat(server.requests).hasSize(4);
  }

  @Test
  void references_that_lead_nowhere_or_back_make_a_schema_unusable() {
    schemaAt("/api/schemas/ids/1", "egg", reference("hen", 1));
    schemaAt("/api/subjects/hen/versions/1", "hen", reference("egg", 1));
    schemaAt("/api/subjects/egg/versions/1", "egg", reference("hen", 1));
    assertThatThrownBy(() -> registry().find(SchemaId.of(1)))
        .isInstanceOf(UnusableSchemaException.class)
        .hasMessage("schema id 1: found references in a circle (at 'hen'), expected ones that end");

    schemaAt("/api/schemas/ids/2", "x", reference("gone", 1));
    server.replyTo("/api/subjects/gone/versions/1", 404, "{\"error_code\":40402}");
    assertThatThrownBy(() -> registry().find(SchemaId.of(2)))
        .isInstanceOf(UnusableSchemaException.class)
        .hasMessageStartingWith("schema id 2: found no schema for its reference 'gone' at schema");

    schemaAt("/api/schemas/ids/3", "x", reference("v", 1) + "," + reference("v", 2));
    schemaAt("/api/subjects/v/versions/1", "v", "");
    assertThatThrownBy(() -> registry().find(SchemaId.of(3)))
        .hasMessageContaining("found references to two versions of one schema (at 'v')");
  }

  @Test
  void references_without_end_are_followed_only_so_far() {
    schemaAt("/api/schemas/ids/1", "x", reference("r0", 1));
    for (int i = 0; i < 300; i++) {
      schemaAt("/api/subjects/r" + i + "/versions/1", "x", reference("r" + (i + 1), 1));
    }
    assertThatThrownBy(() -> registry().find(SchemaId.of(1)))
        .isInstanceOf(UnusableSchemaException.class)
        .hasMessageContaining("found more than 200 references");
  }

  @Test
  void answer_that_is_too_large_makes_a_schema_unusable() {
    server.reply(200, "{\"schema\":\"%s\"}".formatted("x".repeat(4 << 20)));
    assertThatThrownBy(() -> registry().find(SchemaId.of(7)))
        .isInstanceOf(UnusableSchemaException.class)
        .hasMessageContaining("found an answer of more than 4194304 bytes");
  }

  @Test
  void server_errors_pass_until_an_answer_comes() {
    server.reply(500, "");
    server.reply(503, "");
    server.reply(429, "");
    server.reply(200, SCHEMA);
    assertThat(registry().find(SchemaId.of(7))).isPresent();
    assertThat(server.requests).hasSize(4);
  }

  @Test
  void not_found_that_the_registry_did_not_say_is_trouble_and_not_an_answer() {
    server.reply(404, "<html>no such page</html>");
    assertThatThrownBy(() -> registry().find(SchemaId.of(7)))
        .isInstanceOfSatisfying(
            SchemaSourceUnavailableException.class,
            e -> assertThat(e.schemaId()).isEqualTo(SchemaId.of(7)))
        .hasMessageStartingWith("schema id 7: schema registry http://127.0.0.1:")
        .hasMessageContaining("found answer 404 to /api/schemas/ids/7, expected a schema");
  }

  @Test
  void redirect_is_trouble_at_once_and_not_followed() {
    server.reply(302, "");
    assertThatThrownBy(() -> registry().find(SchemaId.of(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class)
        .hasMessageContaining("found answer 302");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void ids_of_a_kind_that_it_does_not_keep_are_unknown_without_a_question() {
    for (SchemaId id :
        List.of(
            SchemaId.globalId(1),
            SchemaId.fingerprint(-1),
            SchemaId.revision("projects/p/schemas/s@1"))) {
      assertThat(registry().keeps(id.kind())).isFalse();
      assertThat(registry().find(id)).isEmpty();
    }
    assertThat(registry().keeps(SchemaId.Kind.ID)).isTrue();
    assertThat(server.requests).isEmpty();
  }

  @Test
  void numbers_of_apicurio_are_asked_for_by_its_own_interface() {
    ConfluentRegistry registry = new ConfluentRegistry(server.endpoint("/apis/ccompat/v7"));
    String own = "/apis/registry/v2";
    server.replyTo(own + "/ids/globalIds/7", 200, "payment");
    server.replyTo(own + "/search/artifacts", 200, "{\"artifacts\":[{\"type\":\"PROTOBUF\"}]}");
    server.replyTo(
        own + "/ids/globalIds/7/references",
        200,
        "[{\"name\":\"money.proto\",\"groupId\":\"g\",\"artifactId\":\"m\",\"version\":\"2\"}]");
    server.replyTo(own + "/groups/g/artifacts/m/versions/2", 200, "money");
    server.replyTo(own + "/groups/g/artifacts/m/versions/2/references", 200, "[]");
    assertThat(registry.find(SchemaId.globalId(7)))
        .contains(
            new SchemaText("PROTOBUF", "payment", List.of(new Reference("money.proto", "money"))));
    server.replyTo(own + "/ids/contentIds/8", 404, "{\"error_code\":404}");
    assertThat(registry.find(SchemaId.contentId(8))).isEmpty();
  }

  @Test
  void registering_gives_the_id_or_says_why_not() {
    server.reply(200, "{\"id\":3}");
    SchemaText proto = SchemaText.of("PROTOBUF", "message M {}");
    assertThat(registry().register("card transactions-value", proto)).isEqualTo(3);
    assertThat(server.requests)
        .containsExactly(
            "POST /api/subjects/card%20transactions-value/versions"
                + "{\"schema\":\"message M {}\",\"schemaType\":\"PROTOBUF\"}");
    server.reply(409, "{\"error_code\":409,\"message\":\"amount was removed\"}");
    assertThatThrownBy(() -> registry().register("s", proto))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("amount was removed");
    SchemaText referring = new SchemaText("AVRO", "{}", List.of(new Reference("a", "{}")));
    assertThatThrownBy(() -> registry().register("s", referring))
        .hasMessageContaining("found a schema with references");
  }

  @Test
  void a_registry_says_what_it_would_refuse_and_which_version_a_schema_is() {
    String test = "/api/compatibility/subjects/s/versions";
    SchemaText schema = SchemaText.of("JSON", "{}");
    server.replyTo(test, 200, "{\"is_compatible\":false,\"messages\":[\"a\",\"b\"]}");
    assertThat(registry().objections("s", schema)).containsExactly("a", "b");
    assertThat(server.requests)
        .containsExactly(
            "POST " + test + "?verbose=true{\"schema\":\"{}\",\"schemaType\":\"JSON\"}");
    server.replyTo(test, 200, "{\"is_compatible\":false}");
    assertThat(registry().objections("s", schema)).containsExactly("it gives no reason");
    server.replyTo(test, 200, "{\"is_compatible\":true}");
    assertThat(registry().objections("s", schema)).isEmpty();
    server.replyTo(test, 404, "{\"error_code\":40401}");
    assertThat(registry().objections("s", schema)).isEmpty();
    server.replyTo(test, 422, "{\"error_code\":42201,\"message\":\"no schema\"}");
    assertThat(registry().objections("s", schema)).containsExactly("no schema");
    server.replyTo("/api/subjects/s", 200, "{\"id\":9,\"version\":4}");
    assertThat(registry().versionOf("s", schema)).contains(4);
    server.replyTo("/api/subjects/s", 404, "{\"error_code\":40403}");
    assertThat(registry().versionOf("s", schema)).isEmpty();
  }

  @Test
  void versions_of_a_subject_and_what_they_must_be_compatible_with_are_told() {
    server.replyTo("/api/subjects/s/versions", 200, "[1,3]");
    schemaAt("/api/subjects/s/versions/3", "three", "");
    schemaAt("/api/subjects/s/versions/latest", "three", "");
    server.replyTo("/api/config", 200, "{\"compatibilityLevel\":\"BACKWARD\"}");
    server.replyTo("/api/config/s", 404, "{\"error_code\":40408}");
    server.replyTo("/api/config/strict", 200, "{\"compatibilityLevel\":\"FULL\"}");
    assertThat(registry().versions("s")).containsExactly(1, 3);
    assertThat(registry().version("s", 3)).contains(SchemaText.of("AVRO", "three"));
    assertThat(registry().latest("s")).contains(SchemaText.of("AVRO", "three"));
    assertThat(registry().compatibility("s")).contains("BACKWARD");
    assertThat(registry().compatibility("strict")).contains("FULL");
    server.reply(404, "{\"error_code\":40401}");
    assertThat(registry().versions("none")).isEmpty();
    server.reply(404, "{\"error_code\":40401}");
    assertThat(registry().latest("none")).isEmpty();
  }

  @Test
  void check_passes_a_list_and_names_what_else_it_found() {
    server.reply(200, "[]");
    registry().check();
    server.reply(404, "");
    assertThatThrownBy(() -> registry().check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found answer 404 to /api/schemas/types, expected a list");
  }

  @Test
  void refusal_is_told_at_launch_with_its_remedy_and_passes_while_running() {
    server.reply(401, "");
    assertThatThrownBy(() -> registry().check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found answer 401")
        .hasMessageContaining("set a user and a password, or a token");
    server.reply(403, "");
    assertThatThrownBy(() -> registry().find(SchemaId.of(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class);
  }

  @Test
  void who_asks_is_told_by_password_or_token_and_a_rotated_one_is_picked_up(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "old\n");
    Secret secret = Secret.of("secret:file:" + file);
    server.reply(200, SCHEMA);
    registry().withAuthentication(new Authentication.Basic("me", secret)).find(SchemaId.of(1));
    ConfluentRegistry byToken = registry().withAuthentication(new Authentication.Bearer(secret));
    server.reply(401, "");
    assertThatThrownBy(() -> byToken.versions("s"))
        .isInstanceOf(SchemaSourceUnavailableException.class);
    Files.writeString(file, "new");
    server.reply(200, "[1]");
    assertThat(byToken.versions("s")).containsExactly(1);
    assertThat(server.authorizations).containsExactly("Basic bWU6b2xk", "Bearer old", "Bearer new");
  }

  @Test
  void secret_that_is_missing_or_no_header_is_trouble_that_does_not_show_it(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("secret");
    ConfluentRegistry registry =
        registry()
            .withPatience(Duration.ofMillis(5))
            .withAuthentication(new Authentication.Bearer(Secret.of("secret:file:" + file)));
    assertThatThrownBy(registry::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no file that can be read (NoSuchFileException)");
    Files.writeString(file, "hush\nhush");
    assertThatThrownBy(registry::check)
        .hasStackTraceContaining("holds characters that no header may have")
        .hasMessageNotContaining("hush");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void registry_that_is_away_is_told_at_launch_and_waited_for_while_running() {
    ConfluentRegistry registry = registry().withPatience(Duration.ofMillis(20));
    server.close();
    assertThatThrownBy(registry::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema registry http://127.0.0.1:")
        .hasMessageContaining("found it unreachable");
    assertThatThrownBy(() -> registry.find(SchemaId.of(1)))
        .isInstanceOf(SchemaSourceUnavailableException.class);
  }

  @Test
  void addresses_that_are_none_are_refused_without_showing_credentials() {
    for (String url :
        List.of("localhost:8081", "file:///etc", "http://h/../x", "http://h?a=b", "http://")) {
      assertThatThrownBy(() -> ConfluentRegistry.at(url))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("schema registry: found");
    }
    assertThatThrownBy(() -> ConfluentRegistry.at("http://me:secret@h"))
        .hasMessageContaining("http://...@h")
        .hasMessageNotContaining("secret");
    Tls tls = Tls.trusting(Path.of("trust.p12"), Secret.of("secret:env:PASSWORD"));
    assertThatThrownBy(() -> ConfluentRegistry.at("http://h").withTls(tls))
        .hasMessageContaining("expected one of https");
  }
}
