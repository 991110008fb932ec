package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.DecideSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {

  @TempDir Path folder;

  private SpecText spec() {
    return SpecText.in(folder);
  }

  @Test
  void a_value_is_replaced() {
    PipelineSpec spec = spec().set("history.0.features.count_1d.over=2h").read();
    assertThat(Objects.requireNonNull(spec.history().get(0).features().get("count_1d")).over())
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void the_later_of_two_wins() {
    assertThat(spec().set("pipeline=a").set("pipeline=b").read().pipeline()).isEqualTo("b");
  }

  @Test
  void maps_and_lists_that_are_missing_are_made() {
    PipelineSpec spec =
        spec()
            .set("deadLetters.kafka.topic=dead")
            .set("validate.0=amount > 0.0")
            .set("validate.1=true")
            .read();
    assertThat(spec.deadLetters()).isNotNull().hasFieldOrPropertyWithValue("topic", "dead");
    assertThat(spec.validate()).containsExactly("amount > 0.0", "true");
  }

  @Test
  void an_index_replaces_an_item_and_the_next_one_adds_one() {
    PipelineSpec spec =
        spec()
            .set("decide.rules.0.then=HOLD")
            .set("decide.rules.1={ when: 'count_1d > 5', then: REVIEW }")
            .read();
    assertThat(Objects.requireNonNull(spec.decide()).rules())
        .containsExactly(
            new DecideSpec.Rule("count_1d > 9", "HOLD"),
            new DecideSpec.Rule("count_1d > 5", "REVIEW"));
  }

  @Test
  void lists_and_maps_are_read_as_yaml_and_expressions_as_they_stand() {
    PipelineSpec spec =
        spec()
            .set("validate=[ a, \"b: c\" ]")
            .set("compute.night=at.getHours() <= 6 ? 1 : 0 # all of it")
            .read();
    assertThat(spec.validate()).containsExactly("a", "b: c");
    assertThat(spec.compute())
        .containsExactly(Map.entry("night", "at.getHours() <= 6 ? 1 : 0 # all of it"));
  }

  @Test
  void a_key_that_holds_dots_can_be_reached() {
    PipelineSpec spec =
        spec()
            .with("topic: payments", "topic: payments\n      settings: { max.poll.records: 1 }")
            .set("events.from.kafka.settings.max.poll.records=2")
            .set("events.from.kafka.settings.fetch.min.bytes=3")
            .read();
    assertThat(((SourceSpec.Kafka) spec.events().from()).settings())
        .containsExactly(Map.entry("max.poll.records", "2"), Map.entry("fetch.min.bytes", "3"));
  }

  @Test
  void a_path_on_the_command_line_is_relative_to_the_working_directory() {
    PipelineSpec spec =
        spec().set("events.from={ files: { path: data/*.csv } }").set("to=null").read();
    assertThat(spec.events().from())
        .isEqualTo(new SourceSpec.Files(Path.of("").toAbsolutePath().resolve("data") + "/*.csv"));
  }

  @Test
  void a_wrong_value_is_reported_with_its_assignment_as_the_place() {
    assertThat(spec().set("history.0.cap=many").problems())
        .containsExactly(
            "--set history.0.cap: found 'many', expected a whole number from 1 to 1000000 for"
                + " history.0.cap");
    assertThat(spec().set("events.id=").problems())
        .containsExactly(
            "--set events.id: found nothing, expected a column's name of letters, digits and '_',"
                + " or a path of them for events.id");
    assertThat(spec().set("events.from.files.path=x").problems())
        .containsExactly(
            "p.yaml:3:3: found 'kafka' and 'files', expected exactly one of kafka, eventHubs, pubsub, kinesis, files for"
                + " events.from");
  }

  @Test
  void an_unknown_key_is_caught_like_any_other() {
    assertThat(spec().set("evnts.from.kafka.topic=x").problems())
        .containsExactly(
            "--set evnts.from.kafka.topic: found the unknown key 'evnts', expected one of pipeline,"
                + " events, labels, validate, history, lookup, compute, infer, decide, to, deadLetters (did"
                + " you mean 'events'?)");
  }

  @Test
  void a_path_that_leads_nowhere_is_refused() {
    assertThat(spec().set("pipeline.name=x").problems())
        .containsExactly("--set pipeline.name: found 'payments' at 'pipeline', expected a map");
    assertThat(spec().set("decide.rules.5.when=x").problems())
        .containsExactly(
            "--set decide.rules.5.when: found '5' for the list at 'decide.rules', expected an index"
                + " from 0 to 1, which adds an item");
    assertThat(spec().set("decide.rules.first.when=x").problems())
        .containsExactly(
            "--set decide.rules.first.when: found 'first' for the list at 'decide.rules', expected"
                + " an index from 0 to 1, which adds an item");
  }

  @Test
  void what_is_no_assignment_is_refused() {
    assertThatThrownBy(() -> Overrides.parse(List.of("events.id")))
        .isInstanceOf(SpecException.class)
        .hasMessage("--set events.id: found no '=', expected path.to.key=value");
    assertThatThrownBy(() -> Overrides.parse(List.of("events..id=x")))
        .hasMessage("--set events..id: found an empty key in the path, expected path.to.key");
    assertThatThrownBy(() -> Overrides.parse(List.of("validate=[ a")))
        .hasMessage(
            "--set validate: found what is not YAML (expected ',' or ']', but got <stream end>),"
                + " expected YAML; text that holds ': ', ' #', '{' or '[' needs quotes");
  }
}
