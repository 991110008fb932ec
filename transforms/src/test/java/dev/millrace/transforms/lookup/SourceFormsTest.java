package dev.millrace.transforms.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.secret.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an address may be, and what of a key a database can have. */
class SourceFormsTest {

  private static final Secret SECRET = Secret.of("secret:env:PASSWORD");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/db?password=canary",
        "jdbc:postgresql://h/db?sslmode=require&socketFactory=canary.Factory",
        "jdbc:postgresql://h/db?loggerFile=canary",
        "jdbc:postgresql://canary:x@h/db",
        "jdbc:mysql://h/db"
      })
  void postgres_address_that_is_a_login_or_names_code_is_refused(String url) {
    assertThatThrownBy(() -> new PostgresTable(url, null, null, "t", "id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
    assertThat(
            new PostgresTable(
                    "jdbc:postgresql://a:1,b:2/db?sslmode=verify-full&sslrootcert=/ca.pem",
                    "u",
                    SECRET,
                    "t",
                    "id")
                .isRemote())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/x",
        "ftp://h/{key}",
        "http://u:canary@h/{key}",
        "http://{key}.h/x",
        "http://h/{key}/{key}"
      })
  void web_address_of_another_form_is_refused(String url) {
    assertThatThrownBy(() -> new HttpObjects(url, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void header_with_a_secret_in_plain_text_is_refused_without_being_told() {
    for (String header : new String[] {"Authorization", "X-Api-Key", "cookie"}) {
      assertThatThrownBy(() -> new HttpObjects("https://h/{key}", Map.of(header, "canary")))
          .hasMessageContaining("header '" + header + "': found a secret in plain text")
          .hasMessageNotContaining("canary");
    }
    assertThatThrownBy(() -> new HttpObjects("https://h/{key}", Map.of("X-A", "a\r\nB: c")))
        .hasMessageContaining("characters that no header may have");
    assertThat(new HttpObjects("https://h/{key}", Map.of("X-Tenant", "bank")).resolved())
        .containsExactly(Map.entry("X-Tenant", "bank"));
  }

  @Test
  void key_of_a_whole_number_or_a_uuid_is_only_what_the_database_would_write() {
    PostgresKey whole = PostgresKey.of("t", "id", "int4");
    assertThat(whole.type()).isEqualTo("int8");
    assertThat(whole.of("17")).contains(17L);
    assertThat(whole.of("-3")).contains(-3L);
    for (String none : new String[] {"007", "1.0", "", "x", "9223372036854775808", "-0"}) {
      assertThat(whole.of(none)).as(none).isEmpty();
    }
    PostgresKey uuid = PostgresKey.of("t", "id", "uuid");
    String text = "6f1c1a1e-0000-4000-8000-00000000abcd";
    assertThat(uuid.of(text)).isPresent();
    assertThat(uuid.of(text.toUpperCase(java.util.Locale.ROOT))).isEmpty();
    assertThat(PostgresKey.of("t", "id", "varchar").of("a\0b")).isEmpty();
    assertThatThrownBy(() -> PostgresKey.of("t", "id", "date"))
        .hasMessage("t, key 'id': found type date, expected text, varchar, an integer or uuid");
  }
}
