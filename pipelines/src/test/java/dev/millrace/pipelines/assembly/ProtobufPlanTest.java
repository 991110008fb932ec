package dev.millrace.pipelines.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A specification over Protobuf. */
class ProtobufPlanTest {

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("payment.proto"),
        """
        syntax = "proto3";
        package card;
        import "google/protobuf/timestamp.proto";
        import "millrace.proto";
        message Other {}
        message Payment {
          message Merchant { string country = 1; }
          string id = 1;
          google.protobuf.Timestamp at = 2;
          double amount = 3 [(millrace.aliases) = "value"];
          Merchant merchant = 4;
        }
        """);
  }

  private PipelineSpec spec(String message, String framing) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("payments.yaml"),
            """
            pipeline: payments
            events:
              from: { kafka: { bootstrapServers: "127.0.0.1:1", topic: payments } }
              format: { protobuf: { contract: payment.proto, message: %s, registry: "http://127.0.0.1:1", framing: %s } }
              id: id
              eventTime: at
            validate: [ "amount > 0.0", "merchant.country != 'XX'" ]
            history:
              - key: merchant.country
                features: { mean_1d: { mean: amount, over: 1d } }
            """
                .formatted(message, framing));
    return PipelineSpecReader.read(file, Overrides.parse(List.of()), name -> null);
  }

  @Test
  void message_is_the_contract_and_its_nested_fields_are_keys_and_variables() throws IOException {
    PipelineSpec spec = spec("card.Payment", "headers");
    assertThat(spec.events().format()).isInstanceOf(FormatSpec.Protobuf.class);
    PipelinePlan plan = PipelinePlan.of(spec);
    assertThat(plan.events().layout().has("merchant.country")).isTrue();
    assertThat(plan.features()).containsExactly("mean_1d");
  }

  @Test
  void message_that_there_is_not_is_named_with_the_one_meant() {
    assertThatThrownBy(() -> PipelinePlan.of(spec("card.Paymnt", "confluent")))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("card.Paymnt")
        .hasMessageContaining("card.Payment");
  }

  @Test
  void framing_of_avro_is_refused() {
    assertThatThrownBy(() -> spec("card.Payment", "singleObject"))
        .hasMessageContaining("found framing 'singleObject', which is Avro's");
  }
}
