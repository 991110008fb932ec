package dev.millrace.transforms.protobuf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtobufSchemaTest {

  private static final String PAYMENT =
      """
      syntax = "proto3";
      package acme;
      import "millrace.proto";
      import "common/shop.proto";
      import "google/protobuf/timestamp.proto";
      import "google/type/money.proto";
      message Payment {
        string id = 1;
        google.protobuf.Timestamp at = 2;
        string merchant = 3 [(millrace.aliases) = "shop", (millrace.aliases) = "seller"];
        google.type.Money amount = 4;
        common.Shop where = 5;
        map<string, int64> counts = 6;
        message Line { string sku = 1; }
        repeated Line lines = 7;
      }
      message Refund { message Reason { string text = 1; } Reason reason = 1; }
      """;
  private static final Map<String, String> IMPORTS =
      Map.of(
          "common/shop.proto",
          "syntax = \"proto3\"; package acme.common; message Shop { string name = 1; }");

  @TempDir Path folder;

  @Test
  void text_with_references_becomes_descriptors() throws Exception {
    Descriptor payment = ProtobufSchema.of("payment", PAYMENT, IMPORTS).message();

    assertThat(payment.getFullName()).isEqualTo("acme.Payment");
    assertThat(payment.findFieldByName("where").getMessageType().getFullName())
        .isEqualTo("acme.common.Shop");
    assertThat(payment.findFieldByName("counts").isMapField()).isTrue();
    byte[] written =
        DynamicMessage.newBuilder(payment)
            .setField(payment.findFieldByName("merchant"), "corner")
            .build()
            .toByteArray();
    assertThat(written).isEqualTo("\u001a\u0006corner".getBytes(UTF_8));
  }

  @Test
  void a_descriptor_in_base64_becomes_the_same_descriptor_as_its_text() {
    ProtobufSchema text = ProtobufSchema.of("payment", PAYMENT, IMPORTS);
    String base64 = Base64.getEncoder().encodeToString(text.file().toProto().toByteArray());

    ProtobufSchema serialised = ProtobufSchema.of("payment", base64, IMPORTS);

    assertThat(serialised.file().toProto()).isEqualTo(text.file().toProto());
  }

  @Test
  void a_descriptor_set_brings_its_imports_along() throws Exception {
    Path set = folder.resolve("payment.bin");
    ProtobufSchema text = ProtobufSchema.of("payment", PAYMENT, IMPORTS);
    Files.write(set, text.descriptorSet());

    ProtobufSchema read = ProtobufSchema.read(set);

    assertThat(read.file().toProto()).isEqualTo(text.file().toProto());
    assertThat(read.message("acme.common.Shop").getFields()).hasSize(1);
  }

  @Test
  void a_file_finds_its_imports_beside_it_and_nowhere_above() throws Exception {
    Path inner = Files.createDirectories(folder.resolve("inner/common"));
    Files.writeString(inner.resolve("shop.proto"), IMPORTS.get("common/shop.proto"));
    Files.writeString(folder.resolve("inner/payment.proto"), PAYMENT);
    Files.writeString(folder.resolve("above.proto"), "syntax = \"proto3\";");
    Path escaping = folder.resolve("inner/escaping.proto");
    Files.writeString(escaping, "syntax = \"proto3\"; import \"../above.proto\";");

    assertThat(ProtobufSchema.read(folder.resolve("inner/payment.proto")).message().getName())
        .isEqualTo("Payment");
    assertThatThrownBy(() -> ProtobufSchema.read(escaping))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("escaping.proto: found an import of \"../above.proto\", expected it");
  }

  @Test
  void aliases_are_the_same_whatever_the_source() {
    ProtobufSchema text = ProtobufSchema.of("payment", PAYMENT, IMPORTS);
    ProtobufSchema set = ProtobufSchema.ofDescriptorSet("payment", text.descriptorSet());

    for (ProtobufSchema schema : new ProtobufSchema[] {text, set}) {
      Descriptor payment = schema.message("acme.Payment");
      assertThat(Aliases.of(payment.findFieldByName("merchant"))).containsExactly("shop", "seller");
      assertThat(Aliases.of(payment.findFieldByName("id"))).isEmpty();
    }
  }

  @Test
  void an_option_of_somebody_else_with_the_same_number_is_no_alias() {
    Descriptor message =
        ProtobufSchema.of(
                "other",
                """
                syntax = "proto2";
                import "google/protobuf/descriptor.proto";
                extend google.protobuf.FieldOptions { optional string theirs = 50771; }
                message M { optional string a = 1 [(theirs) = "x"]; }
                """,
                Map.of())
            .message();

    assertThat(Aliases.of(message.findFieldByName("a"))).isEmpty();
  }

  @Test
  void options_that_nothing_declares_do_not_keep_a_schema_from_being_read() {
    Descriptor message =
        ProtobufSchema.of(
                "checked",
                """
                syntax = "proto3";
                option (acme.team) = "risk";
                message M { string a = 1 [(buf.validate.field).string = { min_len: 1 }]; }
                """,
                Map.of())
            .message();

    assertThat(message.getFields()).hasSize(1);
  }

  @Test
  void editions_say_presence_packing_groups_and_closed_enums() throws Exception {
    Path file =
        Path.of(
            ProtobufSchemaTest.class
                .getResource("/dev/millrace/transforms/protobuf/editions.proto")
                .toURI());
    Descriptor node = ProtobufSchema.read(file).message();

    assertThat(node.findFieldByName("id").hasPresence()).isTrue();
    assertThat(node.findFieldByName("plain").hasPresence()).isFalse();
    assertThat(node.findFieldByName("child").getType()).isEqualTo(FieldDescriptor.Type.GROUP);
    assertThat(node.findFieldByName("loose").isPacked()).isFalse();
    assertThat(node.findFieldByName("packed").isPacked()).isTrue();
    assertThat(node.findFieldByName("kind").getEnumType().isClosed()).isTrue();
  }

  @Test
  void edition_2024_has_visibility_and_imports_for_options_only() {
    Descriptor message =
        ProtobufSchema.of(
                "new",
                """
                edition = "2024";
                import option "millrace.proto";
                local message M { string a = 1 [(millrace.aliases) = "b"]; export enum E { Z = 0; } }
                """,
                Map.of())
            .message();

    assertThat(Aliases.of(message.findFieldByName("a"))).containsExactly("b");
    assertThat(message.getEnumTypes()).hasSize(1);
  }

  @Test
  void confluents_indexes_count_what_the_registry_keeps() {
    ProtobufSchema text = ProtobufSchema.of("payment", PAYMENT, IMPORTS);
    ProtobufSchema set = ProtobufSchema.ofDescriptorSet("payment", text.descriptorSet());

    assertThat(text.message(new int[0]).getName()).isEqualTo("Payment");
    assertThat(text.message(1, 0).getFullName()).isEqualTo("acme.Refund.Reason");
    assertThat(text.message(0, 0).getName()).isEqualTo("Line");
    assertThat(set.message(0, 0).getName()).isEqualTo("CountsEntry");
    assertThat(set.message(0, 1).getName()).isEqualTo("Line");
    assertThatThrownBy(() -> text.message(0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("payment: found message indexes [0, 4], expected indexes of its messages");
  }

  @Test
  void a_map_whose_entry_was_written_as_a_message_is_a_map() {
    Descriptor message =
        ProtobufSchema.of(
                "printed",
                """
                syntax = "proto3";
                message M {
                  repeated .M.KEntry k = 1;
                  message KEntry { option map_entry = true; string key = 1; int32 value = 2; }
                  message Inner {}
                }
                """,
                Map.of())
            .message();

    assertThat(message.findFieldByName("k").isMapField()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acme.Paymnt | (did you mean 'acme.Payment'?)",
        "Reason | (did you mean 'acme.Refund.Reason'?)",
      })
  void a_message_that_is_not_there_is_guessed(String name, String guess) {
    assertThatThrownBy(() -> ProtobufSchema.of("payment", PAYMENT, IMPORTS).message(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "payment: found no message '%s', expected one of [acme.Payment, acme.Refund] %s"
                .formatted(name, guess));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "syntax = \"proto4\";|p:1:10: found syntax \"proto4\", expected \"proto2\" or \"proto3\"",
        "syntax = \"proto3\"; message M { string a 1; }|p:1:41: found '1', expected '='",
        "syntax = \"proto3\"; message M { string a = 0; }|p:1:43: found 0, expected a number from 1 to 536870911",
        "syntax = \"proto3\"; message M { string a = 1;|p:1:45: found the end, expected a field's type",
        "message M { string a = 1; }|p:1:13: found 'string', expected required, optional or repeated",
        "message M { optional string a = 1 /* open }|p:1:35: found a comment without an end, expected '*/'",
        "import \"other.proto\";|p: found an import of \"other.proto\", expected it among the files that came with the schema",
        "message M { optional Other a = 1; }|p: found what is no valid file, expected one that links (M.a: \"Other\" is not defined.)",
        "message M { optional string a = 1 [(millrace.alias) = \"x\"]; }|p: found the unknown option (millrace.alias) of M.a, expected an import of \"millrace.proto\" for Millrace's",
        "import \"millrace.proto\"; message M { optional string a = 1 [(millrace.alias) = \"x\"]; }|p: found the unknown option (millrace.alias) of M.a, expected one of [millrace.aliases] for Millrace's (did you mean 'millrace.aliases'?)",
        "import \"p\";|p: found imports in a circle or more than 100 deep (p), expected none",
      })
  void a_mistake_is_told_with_its_place(String text, String message) {
    assertThatThrownBy(() -> ProtobufSchema.of("p", text, Map.of("p", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void what_a_registry_may_answer_is_refused_plainly_or_read() {
    Random random = new Random(7);
    byte[] text = PAYMENT.getBytes(UTF_8);
    byte[] set = ProtobufSchema.of("payment", PAYMENT, IMPORTS).descriptorSet();
    int read = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = (i % 2 == 0 ? text : set).clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(i % 2 == 0 ? 128 : 256);
      }
      try {
        ProtobufSchema schema =
            i % 2 == 0
                ? ProtobufSchema.of("payment", new String(damaged, UTF_8), IMPORTS)
                : ProtobufSchema.ofDescriptorSet("payment", damaged);
        read += schema.file().getMessageTypes().isEmpty() ? 0 : 1;
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("found").hasMessageContaining("expected");
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  @Test
  void messages_nested_without_end_are_refused() {
    assertThatThrownBy(() -> ProtobufSchema.of("p", "message M {".repeat(100_000), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected messages nested at most 32 deep");
  }
}
