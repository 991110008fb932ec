package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.CONTRACT;
import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.assertRefused;
import static dev.millrace.transforms.decode.Transactions.raw;
import static dev.millrace.transforms.decode.Transactions.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.Reason;
import java.util.Map;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class CsvFormatTest {

  private static final CsvFormat ALL =
      CsvFormat.of(
          CONTRACT,
          "id,occurred_at,TX_AMOUNT,currency,channel,terminal,customer,score,fraud,raw,x");
  private static final CsvFormat FEW = CsvFormat.of(CONTRACT, "amount,at,id");

  @Test
  void every_type_is_read_by_name_or_alias() throws Exception {
    String line =
        "tx-1,2018-04-01T12:00:00Z,57.16,\"a \"\"b\"\", c\",WEB,3156,596,-0.5e1,1,AQI=,ignored";
    assertThat(values(ALL.open().decode(raw(line))))
        .containsExactly(
            "tx-1",
            Instant.ofEpochMilli(NOON),
            57.16,
            "a \"b\", c",
            "WEB",
            3156,
            596L,
            -5f,
            true,
            new byte[] {1, 2});
  }

  @Test
  void empty_value_is_null_or_the_default_and_quoted_it_is_empty_text() throws Exception {
    assertThat(values(ALL.open().decode(raw("a,0,1,,,,,,,,"))))
        .containsExactly(
            "a", Instant.ofEpochMilli(0), 1.0, "EUR", "CHIP", null, 0L, null, false, new byte[0]);
    assertThat(values(ALL.open().decode(raw("a,0,1,\"\",,,,,,,"))).get(3)).isEqualTo("");
  }

  @Test
  void times_are_iso_or_epoch_milliseconds() throws Exception {
    Map<String, Long> times =
        Map.of(
            "2018-04-01T12:00:00Z", NOON,
            "2018-04-01T14:00:00+02:00", NOON,
            "2018-04-01T12:00", NOON,
            "2018-04-01 12:00:00", NOON,
            "2018-04-01T12:00:00.0019Z", NOON + 1,
            "1522584000000", NOON,
            "1969-12-31T23:59:59.999Z", -1L);
    for (Map.Entry<String, Long> time : times.entrySet()) {
      assertThat(FEW.open().decode(raw("1," + time.getKey() + ",a")).time())
          .as(time.getKey())
          .isEqualTo(time.getValue());
    }
    assertRefused(FEW, utf8("1,01/04/2018,a"), Reason.MALFORMED, "expected a timestamp");
    assertRefused(FEW, utf8("1,99999999999999999999,a"), Reason.MALFORMED, "expected a timestamp");
  }

  @Test
  void wrong_number_of_columns_tells_found_and_expected() {
    assertRefused(
        FEW, utf8("1,2"), Reason.MALFORMED, "line: found 2 columns, expected 3 as in the header");
    assertRefused(FEW, utf8("1,2,a,"), Reason.MALFORMED, "found 4 columns");
  }

  @Test
  void broken_lines_are_refused() {
    assertRefused(FEW, utf8("1,2,\"a"), Reason.MALFORMED, "column 3: found no closing quote");
    assertRefused(FEW, utf8("1,2,\"a\"b"), Reason.MALFORMED, "text behind its closing quote");
    assertRefused(FEW, new byte[] {'1', ',', (byte) 0xff}, Reason.MALFORMED, "not UTF-8");
    assertRefused(FEW, new byte[0], Reason.EMPTY, "found no bytes");
    assertRefused(FEW, new byte[10 << 20], Reason.TOO_LARGE, "found 10485760 bytes");
    assertRefused(
        FEW.withLimits(Limits.DEFAULT.withBytes(3)), utf8("1,2,a"), Reason.TOO_LARGE, "at most 3");
  }

  @Test
  void mismatch_names_the_field_and_not_the_value() {
    for (String bad : new String[] {"abc", "NaN", "0x1p3", "1f", " 1", "1e999", "1,5", "."}) {
      assertRefused(
          FEW,
          utf8("\"" + bad + "\",2,a"),
          Reason.MALFORMED,
          "field 'amount': found text of "
              + bad.length()
              + " characters that is none, expected a double");
    }
    assertRefused(FEW, utf8(",2,a"), Reason.MALFORMED, "field 'amount': found an empty value");
    assertRefused(FEW, utf8("1,2,"), Reason.INVALID, "field 'id': found an empty text");
    assertRefused(ALL, utf8("a,0,1,,FAX,,,,,,"), Reason.MALFORMED, "expected one of [CHIP, WEB]");
    assertRefused(ALL, utf8("a,0,1,,,,,,yes,,"), Reason.MALFORMED, "expected a boolean");
  }

  @Test
  void header_without_a_required_field_is_refused_with_the_name_meant() {
    assertThatThrownBy(() -> CsvFormat.of(CONTRACT, "id,at,amuont"))
        .hasMessage(
            "field 'amount': found 0 columns of its names [amount, TX_AMOUNT], expected one (did you mean 'amuont'?); the header is [id, at, amuont]");
    assertThatThrownBy(() -> CsvFormat.of(CONTRACT, "id,at,amount,TX_AMOUNT"))
        .hasMessageStartingWith("field 'amount': found 2 columns");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
