package dev.millrace.pipelines.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.LookupSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.lookup.AskingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan makes of lookups; nothing is connected to. */
class LookupPlanTest {

  private static final String LOOKUP =
      """
      lookup:
        - key: customer
          from: { redis: { url: "redis://nowhere", key: "{key}" } }
          columns: { segment: { string: segment, default: NONE }, credit: { double: credit, default: 0.0 } }
          status: customer_lookup
        - key: segment
          from: { files: { path: segments.csv, key: id } }
          columns: { discount: { int: discount } }
      compute: { rest: "credit - amount", member: "segment != 'NONE' && discount > 0" }
      """;

  @TempDir private Path folder;

  private PipelinePlan plan(String more) throws IOException {
    Files.writeString(
        folder.resolve("payment.json"),
        """
        {"type": "object", "title": "Payment", "required": ["id", "at", "customer", "amount"],
         "properties": {"id": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
           "customer": {"type": "string"}, "amount": {"type": "number"}}}
        """);
    Path file =
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            pipeline: p
            events:
              from: { kafka: { bootstrapServers: "b:9092", topic: t } }
              format: { json: { contract: payment.json } }
              id: id
              eventTime: at
            """
                + more);
    return PipelinePlan.of(
        PipelineSpecReader.read(file, Overrides.parse(List.of()), System::getenv));
  }

  @Test
  void looked_up_columns_are_features_for_expressions_and_later_lookups() throws IOException {
    assertThat(plan(LOOKUP).features())
        .containsExactly("segment", "credit", "customer_lookup", "discount", "rest", "member");
  }

  @Test
  void versions_change_with_what_is_looked_up_and_not_with_where_the_server_is()
      throws IOException {
    PipelinePlan plan = plan(LOOKUP);
    PipelinePlan moved = plan(LOOKUP.replace("nowhere", "elsewhere"));
    PipelinePlan other = plan(LOOKUP.replace("double: credit", "double: limit"));
    assertThat(moved.featureVersion()).isEqualTo(plan.featureVersion());
    assertThat(moved.pipelineVersion()).isEqualTo(plan.pipelineVersion());
    assertThat(other.featureVersion()).isNotEqualTo(plan.featureVersion());
    assertThat(other.pipelineVersion()).isNotEqualTo(plan.pipelineVersion());
  }

  @Test
  void versions_without_lookups_are_what_they_were() throws IOException {
    PipelinePlan plan = plan("compute: { double_amount: \"amount * 2.0\" }\n");
    assertThat(plan.featureVersion())
        .isEqualTo(Fingerprint.of(plan.spec().history(), plan.spec().compute()));
  }

  @Test
  void mistakes_are_told_together_each_at_its_place() {
    assertThatThrownBy(
            () ->
                plan(
                    LOOKUP
                        .replace("default: 0.0", "default: none")
                        .replace("redis://nowhere", "http://nowhere")))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("p.yaml:9:13: found an address of another form, expected redis://")
        .hasMessageContaining(
            "p.yaml:10:96: default of 'credit': found 'none', expected a finite number")
        .satisfies(e -> assertThat(((SpecException) e).problems()).hasSize(2));
    assertThatThrownBy(() -> plan(LOOKUP.replace("key: customer\n", "key: custmer\n")))
        .hasMessageContaining("p.yaml:8:10: found column 'custmer', expected one of id, at");
  }

  @Test
  void what_holds_where_nothing_is_said_is_the_same_in_a_spec_and_in_code() {
    assertThat(Lookups.rules(LookupSpec.Asking.DEFAULT)).isEqualTo(AskingRules.DEFAULT);
  }

  private static final String TOPIC =
      """
      lookup:
        - key: customer
          from:
            kafka:
              bootstrapServers: "b:9092"
              topic: customers
              format: { avro: { contract: customer.avsc, registry: "http://registry:8081" } }
          columns:
            segment: { string: segment }
            credit: { double: limit, default: 0.0 }
            city: { string: branch.city, default: "" }
      """;

  private void customer() throws IOException {
    Files.writeString(
        folder.resolve("customer.avsc"),
        """
        {"type": "record", "name": "Customer", "fields": [
          {"name": "segment", "type": "string"}, {"name": "limit", "type": "int"},
          {"name": "branch", "type": {"type": "record", "name": "Branch", "fields": [{"name": "city", "type": "string"}]}}]}
        """);
  }

  @Test
  void columns_of_a_topic_are_held_to_its_contract_without_a_connection() throws IOException {
    customer();
    assertThat(plan(TOPIC).features()).containsExactly("segment", "credit", "city");
    assertThatThrownBy(
            () ->
                plan(
                    TOPIC
                        .replace("string: segment", "int: segment")
                        .replace("double: limit", "double: limits")))
        .isInstanceOf(SpecException.class)
        .satisfies(
            e ->
                assertThat(((SpecException) e).problems())
                    .containsExactly(
                        folder
                            + "/p.yaml:15:23: column 'segment', field 'segment' in the contract of Kafka topic customers: found a string, expected a whole number of 64 bits",
                        folder
                            + "/p.yaml:16:25: column 'credit': found no field 'limits' in the contract of Kafka topic customers (did you mean 'limit'?), expected one of segment, limit, branch.city"));
  }

  @Test
  void contract_of_a_topic_that_is_not_there_is_named_at_its_format() {
    assertThatThrownBy(() -> plan(TOPIC))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("p.yaml:13:9: contract '")
        .hasMessageContaining("customer.avsc': found no such file, expected an Avro schema");
  }

  @Test
  void frame_that_the_registry_does_not_know_is_refused() throws IOException {
    customer();
    assertThatThrownBy(() -> plan(TOPIC.replace("8081\" }", "8081\", framing: singleObject }")))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("does not know schemas by their FINGERPRINT");
  }
}
