package dev.millrace.transforms.contract;

import dev.millrace.transforms.event.ColumnType;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the values of a field are, when they are not null. */
public sealed interface ValueType extends Serializable {

  /**
   * One value.
   *
   * @param column never {@code LIST}, {@code MAP} or {@code RECORD}
   * @param symbols what an enum may be, in order; empty for what is no enum
   * @param defaultSymbol what a symbol stands for that is not among them; null for none
   * @param precision of a decimal: how many digits it may have; else 0
   * @param scale of a decimal: how many of them stand behind the point; else 0
   * @param size of bytes: how many there must be; 0 for any number
   */
  record Scalar(
      ColumnType column,
      List<String> symbols,
      @Nullable String defaultSymbol,
      int precision,
      int scale,
      int size)
      implements ValueType {

    /** A type that has no parameters. */
    public static Scalar of(ColumnType column) {
      return new Scalar(column, List.of(), null, 0, 0, 0);
    }

    public static Scalar enumOf(List<String> symbols, @Nullable String defaultSymbol) {
      return new Scalar(ColumnType.ENUM, List.copyOf(symbols), defaultSymbol, 0, 0, 0);
    }

    public static Scalar decimal(int precision, int scale) {
      return new Scalar(ColumnType.DECIMAL, List.of(), null, precision, scale, 0);
    }

    public static Scalar fixed(int size) {
      return new Scalar(ColumnType.BYTES, List.of(), null, 0, 0, size);
    }

    /**
     * The index of a symbol, or of the default one; -1 where there is none.
     *
     * @throws IllegalStateException when this is no enum
     */
    public int symbol(String symbol) {
      if (column != ColumnType.ENUM) {
        throw new IllegalStateException("found type %s, expected ENUM".formatted(column));
      }
      int index = symbols.indexOf(symbol);
      return index < 0 && defaultSymbol != null ? symbols.indexOf(defaultSymbol) : index;
    }
  }

  /** A record within a record. */
  record Nested(RecordType record) implements ValueType {}

  /**
   * Any number of items.
   *
   * @param item a field of its own, the only one in its record: its index counts from 0 again
   */
  record ListOf(ContractField item) implements ValueType {}

  /**
   * Values by keys that are strings.
   *
   * @param value as the item of a list
   */
  record MapOf(ContractField value) implements ValueType {}
}
