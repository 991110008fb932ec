package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.CONTRACT;
import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.assertRefused;
import static dev.millrace.transforms.decode.Transactions.join;
import static dev.millrace.transforms.decode.Transactions.raw;
import static dev.millrace.transforms.decode.Transactions.refused;
import static dev.millrace.transforms.decode.Transactions.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

  private static final JsonFormat FORMAT = JsonFormat.of(CONTRACT);

  @Test
  void every_type_is_read_and_extra_fields_are_ignored() throws Exception {
    String json =
        """
        {"extra": {"deep": [1, {"id": "no"}]}, "id": "tx-1", "at": "2018-04-01T12:00:00.000Z",
         "amount": 57.16, "currency": "grüezi 🎉", "channel": "WEB", "terminal": 3156,
         "customer": 596, "score": null, "fraud": true, "raw": "AQI="}
        """;
    assertThat(values(FORMAT.open().decode(raw(json))))
        .containsExactly(
            "tx-1",
            Instant.ofEpochMilli(NOON),
            57.16,
            "grüezi 🎉",
            "WEB",
            3156,
            596L,
            null,
            true,
            new byte[] {1, 2});
  }

  @Test
  void missing_fields_take_their_defaults_and_aliases_are_names_too() throws Exception {
    Event event =
        FORMAT.open().decode(raw("{\"id\":\"a\",\"occurred_at\":1522584000000,\"TX_AMOUNT\":3}"));
    assertThat(values(event))
        .containsExactly(
            "a",
            Instant.ofEpochMilli(NOON),
            3.0,
            "EUR",
            "CHIP",
            null,
            0L,
            0.5f,
            false,
            new byte[0]);
  }

  @Test
  void mismatch_names_field_found_and_expected() {
    Map<String, String> refused =
        Map.ofEntries(
            Map.entry("\"amount\": \"3\"", "field 'amount': found a string, expected a double"),
            Map.entry("\"amount\": 1e999", "field 'amount': found a number that does not fit"),
            Map.entry("\"amount\": null", "field 'amount': found null, expected a double"),
            Map.entry("\"amount\": NaN", "found what is not JSON"),
            Map.entry(
                "\"amount\": 1, \"terminal\": 1.5",
                "field 'terminal': found a number with a fraction, expected an int or null"),
            Map.entry(
                "\"amount\": 1, \"terminal\": 3000000000",
                "field 'terminal': found a number that does not fit"),
            Map.entry(
                "\"amount\": 1, \"fraud\": 1", "field 'fraud': found a number, expected a boolean"),
            Map.entry(
                "\"amount\": 1, \"raw\": \"?\"",
                "field 'raw': found text of 1 characters that is none, expected bytes"),
            Map.entry(
                "\"amount\": 1, \"currency\": \"\\ud800\"",
                "field 'currency': found half a surrogate pair"),
            Map.entry(
                "\"amount\": 1, \"channel\": \"FAX\"",
                "field 'channel': found another symbol, expected one of [CHIP, WEB]"),
            Map.entry("\"amount\": 1, \"amount\": 2", "field 'amount': found twice"),
            Map.entry("\"amount\": 1, \"TX_AMOUNT\": 2", "field 'amount': found twice"),
            Map.entry("\"currency\": \"EUR\"", "field 'amount': found nothing, expected a double"));
    refused.forEach(
        (fields, message) ->
            assertRefused(
                FORMAT,
                ("{\"id\": \"a\", \"at\": 1, " + fields + "}").getBytes(UTF_8),
                Reason.MALFORMED,
                message));
  }

  @Test
  void missing_id_or_time_is_invalid() {
    assertRefused(FORMAT, utf8("{\"at\": 1, \"amount\": 1}"), Reason.INVALID, "field 'id'");
    assertRefused(FORMAT, utf8("{\"id\": \"a\", \"amount\": 1}"), Reason.INVALID, "field 'at'");
    assertRefused(
        FORMAT, utf8("{\"id\": \"\", \"at\": 1, \"amount\": 1}"), Reason.INVALID, "an empty text");
  }

  @Test
  void limits_come_before_decoding() {
    assertRefused(FORMAT, new byte[0], Reason.EMPTY, "found no bytes");
    assertRefused(FORMAT, new byte[10 << 20], Reason.TOO_LARGE, "found 10485760 bytes");
    assertRefused(
        FORMAT,
        utf8("{\"id\": \"a\", \"extra\": " + "[".repeat(100) + "]".repeat(100) + "}"),
        Reason.TOO_LARGE,
        "nesting depth");
  }

  @Test
  void what_stands_behind_the_object_is_refused() {
    String object = "{\"id\": \"a\", \"at\": 1, \"amount\": 1}";
    for (String behind : List.of("{}", "1", "]", ",", "x")) {
      assertThat(refused(FORMAT, utf8(object + behind)).reason()).isEqualTo(Reason.MALFORMED);
    }
    assertRefused(FORMAT, utf8("[" + object + "]"), Reason.MALFORMED, "found an array");
  }

  @Test
  void what_the_test_suite_says_is_not_json_is_refused_alone_and_as_an_ignored_field()
      throws IOException {
    int files = 0;
    for (Path file : suite("n_")) {
      byte[] bytes = Files.readAllBytes(file);
      refused(FORMAT, bytes);
      UndecodableException inside =
          refused(
              FORMAT,
              join(
                  join(utf8("{\"id\": \"a\", \"at\": 1, \"amount\": 1, \"extra\": "), bytes),
                  utf8("}")));
      assertThat(inside.reason()).as(file.toString()).isIn(Reason.MALFORMED, Reason.TOO_LARGE);
      files++;
    }
    assertThat(files).isEqualTo(188);
  }

  @Test
  void what_the_test_suite_says_is_json_may_be_an_ignored_field() throws Exception {
    for (Path file : suite("y_")) {
      byte[] bytes =
          join(
              join(
                  utf8("{\"id\": \"a\", \"at\": 1, \"amount\": 1, \"extra\": "),
                  Files.readAllBytes(file)),
              utf8("}"));
      assertThat(FORMAT.open().decode(raw(bytes)).id()).as(file.toString()).isEqualTo("a");
    }
  }

  @Test
  void object_of_the_test_suite_alone_lacks_only_its_id() throws Exception {
    int objects = 0;
    for (Path file : suite("y_object")) {
      UndecodableException e = refused(FORMAT, Files.readAllBytes(file));
      assertThat(e.reason()).as(file.toString()).isEqualTo(Reason.INVALID);
      objects++;
    }
    assertThat(objects).isEqualTo(12);
  }

  @Test
  void what_the_test_suite_leaves_open_is_read_or_refused_and_no_failure() throws IOException {
    int files = 0;
    for (Path file : suite("i_")) {
      byte[] bytes = Files.readAllBytes(file);
      assertThat(readOrRefused(bytes)).as(file.toString()).isNotNull();
      readOrRefused(
          join(
              join(utf8("{\"id\": \"a\", \"at\": 1, \"amount\": 1, \"extra\": "), bytes),
              utf8("}")));
      files++;
    }
    assertThat(files).isEqualTo(35);
  }

  private static Object readOrRefused(byte[] payload) {
    try {
      return FORMAT.open().decode(raw(payload));
    } catch (UndecodableException e) {
      return e.reason();
    }
  }

  @Test
  void message_holds_nothing_of_the_payload() {
    for (String payload :
        List.of(
            "secret",
            "{\"secret\"",
            "{\"a\": secret}",
            "{\"a\": 1secret}",
            "{\"secret\": 1, \"secret\": 2}",
            "{\"a\": \"\\xsecret\"}")) {
      UndecodableException e = refused(FORMAT, utf8(payload));
      assertThat(e.message()).as(payload).doesNotContain("secret");
      assertThat(e.getCause()).as(payload).isNull();
    }
  }

  private static List<Path> suite(String prefix) throws IOException {
    Path folder =
        Path.of(System.getProperty("millrace.data", "none"), "json-test-suite", "test_parsing");
    assumeTrue(Files.isDirectory(folder), "skipped: no JSON test suite in " + folder);
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(prefix)).sorted().toList();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
