package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.decode.CsvLine.Cell;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads CSV lines into a draft; {@link CsvFormat} says by which rules. */
final class CsvRecordDecoder implements RecordDecoder {

  // Java's own parsers also take "1f", "0x1p3", "NaN" and blanks around.
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?");

  private final Limits limits;
  private final List<ContractField> missing;
  private final EventDraft draft;
  private final @Nullable ContractField[] columns;
  private final CsvLine csv = new CsvLine();

  /**
   * @param columns the field that each column stands for; null for a column that is ignored
   * @param missing fields that no column stands for
   */
  CsvRecordDecoder(
      Contract contract,
      @Nullable ContractField[] columns,
      List<ContractField> missing,
      Limits limits) {
    this.limits = limits;
    this.missing = missing;
    this.draft = new EventDraft(contract, limits);
    this.columns = columns;
  }

  @Override
  public Event decode(RawRecord record) throws UndecodableException {
    limits.check(record.payload());
    List<Cell> cells = csv.split(text(record.payload()));
    if (cells.size() != columns.length) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "line: found %d columns, expected %d as in the header"
              .formatted(cells.size(), columns.length));
    }
    draft.start();
    for (int i = 0; i < columns.length; i++) {
      ContractField field = columns[i];
      if (field != null) {
        read(field, cells.get(i));
      }
    }
    for (ContractField field : missing) {
      draft.setDefault(field);
    }
    return draft.finish(record.origin());
  }

  private static String text(byte[] payload) throws UndecodableException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      throw new UndecodableException(
          Reason.MALFORMED, "line: found bytes that are not UTF-8, expected text", null, e);
    }
  }

  private void read(ContractField field, Cell cell) throws UndecodableException {
    String text = cell.text();
    if (text.isEmpty() && !cell.quoted()) {
      if (field.nullable()) {
        return;
      }
      if (field.optional()) {
        draft.setDefault(field);
        return;
      }
    }
    int index = field.index();
    ColumnType column = ((Scalar) field.type()).column();
    try {
      switch (column) {
        case BOOLEAN -> draft.setBoolean(index, bool(field, text));
        case INT32 -> draft.setInt(index, Integer.parseInt(text));
        case INT64 -> draft.setLong(index, Long.parseLong(text));
        case FLOAT -> draft.setFloat(index, (float) number(field, column, text));
        case DOUBLE -> draft.setDouble(index, number(field, column, text));
        default -> FieldText.read(field, text, draft);
      }
    } catch (NumberFormatException e) {
      throw FieldText.none(field, text);
    }
  }

  private static boolean bool(ContractField field, String text) throws UndecodableException {
    return switch (text) {
      case "1", "true", "TRUE", "True" -> true;
      case "0", "false", "FALSE", "False" -> false;
      default -> throw FieldText.none(field, text);
    };
  }

  private static double number(ContractField field, ColumnType column, String text)
      throws UndecodableException {
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    boolean fits =
        column == ColumnType.FLOAT ? Float.isFinite((float) value) : Double.isFinite(value);
    if (!fits) {
      throw FieldText.none(field, text);
    }
    return value;
  }
}
