package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads whose file is not there, or holds no YAML that is taken. */
class YamlErrorsTest {

  @TempDir Path folder;

  private SpecText spec() {
    return SpecText.in(folder);
  }

  @Test
  void text_that_is_not_yaml_says_where_and_what_to_quote() {
    assertThat(spec().plus("compute:\n  night: hour <= 6 ? a : b\n").problems())
        .containsExactly(
            "p.yaml:21:24: found what is not YAML (mapping values are not allowed here), expected"
                + " YAML; text that holds ': ', ' #', '{' or '[' needs quotes");
  }

  @Test
  void tags_and_endless_aliases_are_refused() {
    assertThat(spec().plus("labels: !!java.io.File [x]\n").problems())
        .containsExactly(
            "p.yaml:20:9: found the tag 'tag:yaml.org,2002:java.io.File', expected a value without"
                + " a tag");
    assertThat(spec().plus("labels: &a { from: *a }\n").problems())
        .containsExactly("p.yaml:20:14: found an alias inside what it stands for, expected an end");
    assertThat(spec().whole("[a]: b\n").problems())
        .containsExactly("p.yaml:1:1: found a list or a map as a key, expected text");
  }

  @Test
  void deep_nesting_and_many_aliases_are_refused() {
    assertThat(spec().whole("[".repeat(40) + "]".repeat(40)).problems())
        .containsExactly(
            "p.yaml:1:1: found what is not YAML (Nesting Depth exceeded max 30), expected YAML;"
                + " text that holds ': ', ' #', '{' or '[' needs quotes");
    assertThat(spec().whole("a: &a [x]\nb: [" + "*a, ".repeat(21) + "]\n").problems())
        .singleElement()
        .asString()
        .contains("Number of aliases for non-scalar nodes exceeds the specified max=20");
  }

  @Test
  void an_empty_file_holds_no_pipeline() {
    assertThat(spec().whole("").problems())
        .containsExactly(
            "p.yaml:1:1: found nothing, expected a map with pipeline, events, labels, validate,"
                + " history, lookup, compute, infer, decide, to, deadLetters");
  }

  @Test
  void a_file_that_is_not_there_is_named_in_full() throws IOException {
    Path missing = Path.of("no-such.yaml");
    assertThatThrownBy(() -> PipelineSpecReader.read(missing, Overrides.none(), name -> null))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            missing.toAbsolutePath()
                + ": found no such file, expected the YAML file of a pipeline");
    assertThatThrownBy(() -> PipelineSpecReader.read(folder, Overrides.none(), name -> null))
        .hasMessage(folder + ": found a folder, expected the YAML file of a pipeline");
    Path large = Files.write(folder.resolve("l.yaml"), new byte[1_000_001]);
    assertThatThrownBy(() -> PipelineSpecReader.read(large, Overrides.none(), name -> null))
        .hasMessage(
            large
                + ": found 1000001 bytes, at most 1000000 are read, expected the YAML file of a"
                + " pipeline");
    Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, 0});
    assertThatThrownBy(() -> PipelineSpecReader.read(binary, Overrides.none(), name -> null))
        .hasMessage(
            binary + ": found bytes that are not UTF-8 text, expected the YAML file of a pipeline");
  }
}
