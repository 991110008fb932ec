package dev.millrace.transforms.expression;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.beam.sdk.schemas.Schema;

/** Expressions that pass the type checker, and events for them to fail on now and then. */
final class RandomExpressions {

  static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder()
              .addBooleanField("b")
              .addInt32Field("i")
              .addInt64Field("l")
              .addFloatField("f")
              .addDoubleField("d")
              .addStringField("s")
              .addDateTimeField("t")
              .addByteArrayField("r")
              .addNullableBooleanField("nb")
              .addNullableInt32Field("ni")
              .addNullableInt64Field("nl")
              .addNullableFloatField("nf")
              .addNullableDoubleField("nd")
              .addNullableStringField("ns")
              .addNullableDateTimeField("nt")
              .build());

  private static final String[] TEXTS = {
    "", "a", "ab", "abc", "EUR", "grüezi", "𝛑r", "12", "-7", "1e3"
  };
  private static final long[] LONGS = {0, 1, -1, 2, 7, 1000, Long.MAX_VALUE, Long.MIN_VALUE};
  private static final double[] DOUBLES = {
    0, -0.0, 1, -1.5, 2.5, -0x1p63, 0x1p63, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE
  };

  private final Random random;

  RandomExpressions(long seed) {
    this.random = new Random(seed);
  }

  String any() {
    int depth = 1 + random.nextInt(4);
    return oneOf(() -> bool(depth), () -> integer(depth), () -> real(depth), () -> text(depth));
  }

  @SafeVarargs
  private String oneOf(Supplier<String>... choices) {
    return choices[random.nextInt(choices.length)].get();
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String bool(int depth) {
    int d = depth - 1;
    if (depth == 0) {
      return pick("b", "nb", "true", "false");
    }
    return oneOf(
        () -> "(" + bool(d) + " && " + bool(d) + ")",
        () -> "(" + bool(d) + " || " + bool(d) + ")",
        () -> "!" + "(" + bool(d) + ")",
        () -> "(" + integer(d) + compare() + integer(d) + ")",
        () -> "(" + real(d) + compare() + real(d) + ")",
        () -> "(" + text(d) + compare() + text(d) + ")",
        () -> "(" + time() + compare() + time() + ")",
        () -> "(" + bool(d) + equality() + bool(d) + ")",
        () -> "(" + pick("nb", "ni", "nl", "nf", "nd", "ns", "nt") + equality() + "null)",
        () -> "(" + integer(d) + " in [1, 0, " + random.nextInt(9) + "])",
        () -> "(" + text(d) + " in ['EUR', 'a', ''])",
        () -> text(d) + pick(".contains(", ".startsWith(", ".endsWith(") + text(d) + ")",
        () -> text(d) + ".matches('" + pick("a.*", "^[A-Z]{3}$", "ü") + "')",
        () -> "(" + bool(d) + " ? " + bool(d) + " : " + bool(d) + ")");
  }

  private String integer(int depth) {
    int d = depth - 1;
    if (depth == 0) {
      return pick("i", "l", "ni", "nl", "0", "1", "-3", "9223372036854775807");
    }
    return oneOf(
        () -> "(" + integer(d) + pick(" + ", " - ", " * ", " / ", " % ") + integer(d) + ")",
        () -> "-(" + integer(d) + ")",
        () -> "int(" + oneOf(() -> real(d), () -> text(d), () -> integer(d), this::time) + ")",
        () -> "size(" + oneOf(() -> text(d), () -> "r") + ")",
        () -> text(d) + ".size()",
        () -> time() + "." + part() + "(" + pick("", "", "'Asia/Kathmandu'", "'-03:30'") + ")",
        () -> "(" + bool(d) + " ? " + integer(d) + " : " + integer(d) + ")");
  }

  private String real(int depth) {
    int d = depth - 1;
    if (depth == 0) {
      return pick("f", "d", "nf", "nd", "0.0", "1.5", "-2.0");
    }
    return oneOf(
        () -> "(" + real(d) + pick(" + ", " - ", " * ", " / ") + real(d) + ")",
        () -> "-(" + real(d) + ")",
        () -> "double(" + oneOf(() -> integer(d), () -> text(d), () -> real(d)) + ")",
        () -> "(" + bool(d) + " ? " + real(d) + " : " + real(d) + ")");
  }

  private String text(int depth) {
    int d = depth - 1;
    if (depth == 0) {
      return pick("s", "ns", "'EUR'", "'a'", "'12'");
    }
    return oneOf(
        () -> "(" + text(d) + " + " + text(d) + ")",
        () ->
            "string("
                + oneOf(() -> integer(d), () -> real(d), () -> bool(d), this::time, () -> text(d))
                + ")",
        () -> "(" + bool(d) + " ? " + text(d) + " : " + text(d) + ")");
  }

  private String time() {
    return pick("t", "nt", "timestamp('2018-04-01T06:59:59.999Z')");
  }

  private String part() {
    return pick(
        "getFullYear",
        "getMonth",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getHours",
        "getMinutes",
        "getSeconds",
        "getMilliseconds");
  }

  private String compare() {
    return random.nextBoolean() ? equality() : pick(" < ", " <= ", " > ", " >= ");
  }

  private String equality() {
    return pick(" == ", " != ");
  }

  Event event() {
    EventBuilder builder = new EventBuilder(LAYOUT);
    for (Column column : LAYOUT.columns()) {
      if (column.nullable() && random.nextInt(3) == 0) {
        continue;
      }
      switch (column.type()) {
        case BOOLEAN -> builder.setBoolean(column, random.nextBoolean());
        case INT32 -> builder.setInt(column, random.nextInt(7) - 3);
        case INT64 -> builder.setLong(column, LONGS[random.nextInt(LONGS.length)]);
        case FLOAT -> builder.setFloat(column, random.nextInt(9) / 4f - 1);
        case DOUBLE -> builder.setDouble(column, DOUBLES[random.nextInt(DOUBLES.length)]);
        case STRING -> builder.setString(column, TEXTS[random.nextInt(TEXTS.length)]);
        // Years 1901 to 2092, so that time zones change their rules.
        case TIMESTAMP -> builder.setLong(column, random.nextLong() % 3_870_000_000_000L);
        case BYTES -> builder.setBytes(column, new byte[3], 0, random.nextInt(4));
        default -> throw new AssertionError(column.type());
      }
    }
    return builder.build("e", 0, Origin.NONE);
  }
}
