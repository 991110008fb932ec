package dev.millrace.pipelines.schema;

import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of values that are written as one type and read as another. */
final class TypeShift {

  private static final Set<ColumnType> WHOLE = Set.of(ColumnType.INT32, ColumnType.INT64);
  private static final Set<ColumnType> REAL = Set.of(ColumnType.FLOAT, ColumnType.DOUBLE);
  private static final Set<ColumnType> TIMES =
      Set.of(ColumnType.TIMESTAMP, ColumnType.TIMESTAMP_MICROS);

  /** A change of values, or one that keeps them all. */
  record Shift(boolean harmless, String text) {}

  private TypeShift() {}

  /** What a reader gets of what is written; null where it is just what was written. */
  static @Nullable Shift of(Scalar written, Scalar read) {
    if (written.column() == read.column()) {
      return switch (read.column()) {
        case DECIMAL -> decimal(written, read);
        case ENUM -> symbols(written, read);
        default -> null;
      };
    }
    if (TIMES.contains(written.column()) && TIMES.contains(read.column())) {
      return new Shift(true, as(written, read) + ": the moment stays, to the millisecond");
    }
    String change = changed(written.column(), read);
    return change == null
        ? new Shift(true, as(written, read) + ": every value stays what it is")
        : new Shift(false, as(written, read) + ": " + change);
  }

  private static String as(Scalar written, Scalar read) {
    return "found %s for %s".formatted(SchemaField.describe(written), SchemaField.describe(read));
  }

  private static @Nullable String changed(ColumnType written, Scalar read) {
    ColumnType to = read.column();
    if (WHOLE.contains(written)) {
      return whole(written, to);
    }
    if (REAL.contains(written)) {
      return real(written, to);
    }
    if (TIMES.contains(written) || written == ColumnType.DATE) {
      boolean days = written == ColumnType.DATE;
      String unit = written == ColumnType.TIMESTAMP ? "milliseconds" : "microseconds";
      return "a number of %s is read, in whatever unit it was before"
          .formatted(days ? "days" : unit);
    }
    return switch (to) {
      case ENUM -> "a text that is none of %s becomes a dead letter".formatted(read.symbols());
      case UUID, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_MICROS ->
          "a text that is none becomes a dead letter";
      case STRING ->
          written == ColumnType.BYTES ? "bytes that are not UTF-8 become a dead letter" : null;
      default -> null;
    };
  }

  private static @Nullable String whole(ColumnType written, ColumnType to) {
    boolean isLong = written == ColumnType.INT64;
    return switch (to) {
      case INT32 -> "numbers of more than 32 bits become dead letters";
      case FLOAT -> "numbers are whole, and above 2^24 rounded; is the unit the same?";
      case DOUBLE ->
          isLong
              ? "numbers are whole, and above 2^53 rounded; is the unit the same?"
              : "numbers are whole; is the unit the same?";
      case TIMESTAMP -> "the number is taken for milliseconds, whatever it was meant for";
      case TIMESTAMP_MICROS -> "the number is taken for microseconds, whatever it was meant for";
      case DATE -> "the number is taken for days, whatever it was meant for";
      default -> null;
    };
  }

  private static @Nullable String real(ColumnType written, ColumnType to) {
    return switch (to) {
      case DOUBLE -> "numbers have 7 digits, so 0.1 is read as 0.10000000149011612";
      case FLOAT -> "numbers are rounded to 7 digits";
      case INT32, INT64 -> "numbers with a fraction become dead letters";
      default -> written + " is read as " + to;
    };
  }

  private static @Nullable Shift decimal(Scalar written, Scalar read) {
    List<String> all = new ArrayList<>();
    if (written.scale() > read.scale()) {
      all.add(
          "what has more than %d digits behind the point becomes a dead letter"
              .formatted(read.scale()));
    }
    if (written.precision() - written.scale() > read.precision() - read.scale()) {
      all.add(
          "what has more than %d before it becomes a dead letter"
              .formatted(read.precision() - read.scale()));
    }
    if (written.scale() < read.scale()) {
      all.add("%d digits behind the point instead of %d".formatted(written.scale(), read.scale()));
    }
    return all.isEmpty()
        ? null
        : new Shift(false, as(written, read) + ": " + String.join(", ", all));
  }

  /** Symbols that have no default to become were found when the contract was resolved. */
  private static @Nullable Shift symbols(Scalar written, Scalar read) {
    List<String> all = new ArrayList<>();
    List<String> unknown = without(written.symbols(), read.symbols());
    List<String> gone = without(read.symbols(), written.symbols());
    if (!unknown.isEmpty() && read.defaultSymbol() != null) {
      all.add("the symbols %s are read as %s".formatted(unknown, read.defaultSymbol()));
    }
    if (!gone.isEmpty()) {
      all.add("the symbols %s are not written any more".formatted(gone));
    }
    return all.isEmpty()
        ? null
        : new Shift(false, "found other symbols: " + String.join(", ", all));
  }

  private static List<String> without(List<String> symbols, List<String> others) {
    return symbols.stream().filter(symbol -> !others.contains(symbol)).toList();
  }
}
