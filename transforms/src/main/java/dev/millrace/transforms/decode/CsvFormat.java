package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType;
import dev.millrace.transforms.event.Suggestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One CSV line a payload (RFC 4180), its columns in the order of a header line. A column stands for
 * the contract's field of its name or alias; columns that the contract has not are ignored.
 *
 * <p>A value may stand in double quotes, a double quote within them written twice; it may not
 * contain a line break. An empty value without quotes is null where the field may be null, else the
 * field's default where it has one, else an empty string. A boolean is {@code 0}, {@code 1}, {@code
 * true} or {@code false}; a timestamp is ISO-8601 (UTC where it has no offset) or epoch
 * milliseconds; bytes are base64; a number is finite and has a point, not a comma.
 *
 * <p>A payload is undecodable as {@code EMPTY}, {@code TOO_LARGE}, {@code MALFORMED} (naming the
 * field, or the number of columns), or {@code INVALID} (it lacks its id or time).
 *
 * <pre>{@code
 * ReadFiles files = ReadFiles.from("transactions.csv.gz");
 * CsvFormat.of(contract, files.header())
 * }</pre>
 */
public final class CsvFormat implements RecordFormat {

  private final Contract contract;
  private final List<String> header;
  private final Limits limits;

  private CsvFormat(Contract contract, List<String> header, Limits limits) {
    this.contract = contract;
    this.header = header;
    this.limits = limits;
  }

  /**
   * The format of the lines below a header.
   *
   * @throws IllegalArgumentException when the header has no column for a field without default, or
   *     two for one field
   */
  public static CsvFormat of(Contract contract, String headerLine) {
    List<String> header = new ArrayList<>();
    try {
      new CsvLine().split(headerLine).forEach(cell -> header.add(cell.text().strip()));
    } catch (UndecodableException e) {
      throw new IllegalArgumentException("header: " + e.message(), e);
    }
    for (ContractField field : contract.record().fields()) {
      checkFlat(field);
      long columns = header.stream().filter(field.names()::contains).count();
      if (columns > 1 || (columns == 0 && !field.optional())) {
        throw new IllegalArgumentException(
            "field '%s': found %d columns of its names %s, expected one%s; the header is %s"
                .formatted(
                    field.name(),
                    columns,
                    field.names(),
                    columns == 0 ? Suggestion.didYouMean(field.name(), header) : "",
                    header));
      }
    }
    return new CsvFormat(contract, List.copyOf(header), Limits.DEFAULT);
  }

  private static void checkFlat(ContractField field) {
    if (!(field.type() instanceof ValueType.Scalar)) {
      throw new IllegalArgumentException(
          "field '%s': found %s, expected a contract of single values: a line of CSV has no others"
              .formatted(field.path(), field.expected()));
    }
  }

  /** How large a line may be. {@link Limits#DEFAULT} by default. */
  public CsvFormat withLimits(Limits limits) {
    return new CsvFormat(contract, header, limits);
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public RecordDecoder open() {
    @Nullable ContractField[] columns = new ContractField[header.size()];
    List<ContractField> missing = new ArrayList<>(contract.record().fields());
    for (int i = 0; i < columns.length; i++) {
      columns[i] = contract.record().named(header.get(i));
      missing.remove(columns[i]);
    }
    return new CsvRecordDecoder(contract, columns, missing, limits);
  }
}
