package dev.millrace.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PubsubSchemasTest {

  private static final SchemaId PAYMENT = SchemaId.revision("projects/p/schemas/payment@1a2b");

  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private PubsubSchemas schemas() {
    return PubsubSchemas.of("p").withRoot(server.url());
  }

  @Test
  void revision_is_asked_for_once_with_its_definition(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "ya29");
    server.reply(200, "{\"type\":\"PROTOCOL_BUFFER\",\"definition\":\"message M {}\"}");
    PubsubSchemas schemas =
        schemas().withAuthentication(new Authentication.Bearer(Secret.of("secret:file:" + token)));
    for (int i = 0; i < 2; i++) {
      assertThat(schemas.find(PAYMENT)).contains(SchemaText.of("PROTOBUF", "message M {}"));
    }
    assertThat(server.requests)
        .containsExactly("GET /v1/projects/p/schemas/payment%401a2b?view=FULL");
    assertThat(server.authorizations).containsExactly("Bearer ya29");
  }

  @Test
  void only_its_own_not_found_is_an_answer() {
    server.reply(404, "{\"error\":{\"status\":\"NOT_FOUND\"}}");
    assertThat(schemas().find(PAYMENT)).isEmpty();
    server.reply(404, "<html>");
    assertThatThrownBy(() -> schemas().find(SchemaId.revision("projects/p/schemas/payment@ffff")))
        .isInstanceOf(SchemaSourceUnavailableException.class)
        .hasMessageContaining("found answer 404");
    assertThat(schemas().find(SchemaId.of(7))).isEmpty();
  }

  @Test
  void check_lists_the_projects_schemas() {
    server.reply(200, "{}");
    schemas().check();
    assertThat(server.requests).containsExactly("GET /v1/projects/p/schemas?pageSize=1");
    server.reply(403, "");
    assertThatThrownBy(() -> schemas().check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found answer 403");
  }
}
