package dev.millrace.transforms.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

  @Test
  void file_is_read_anew_without_its_last_line_break(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "hush \n");
    Secret secret = Secret.of("secret:file:" + file);
    assertThat(secret.value()).isEqualTo("hush ");
    Files.writeString(file, "rotated\r\n");
    assertThat(secret.value()).isEqualTo("rotated");
    assertThat(secret).hasToString("secret:file:" + file);
  }

  @Test
  void variable_is_one_of_the_environment() {
    assertThat(Secret.of("secret:env:PATH").value()).isEqualTo(System.getenv("PATH"));
  }

  @Test
  void secret_that_is_not_there_is_told_by_its_reference(@TempDir Path folder) throws Exception {
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    for (String reference :
        new String[] {
          "secret:env:MILLRACE_HAS_NO_SUCH",
          "secret:file:" + folder.resolve("no"),
          "secret:file:" + empty
        }) {
      assertThatThrownBy(() -> Secret.of(reference).value())
          .isInstanceOf(MissingSecretException.class)
          .hasMessageStartingWith(reference + ": found ");
    }
  }

  @Test
  void plain_text_is_refused_with_the_remedy_and_not_repeated() {
    assertThatThrownBy(() -> Secret.of("hunter2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "found a secret in plain text, expected where it is to be had:"
                + " secret:env:NAME or secret:file:PATH");
    assertThatThrownBy(() -> Secret.of("secret:hunter2")).hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> Secret.of("secret:gcp:projects/p/secrets/s"))
        .hasMessageContaining("not supported yet");
  }
}
