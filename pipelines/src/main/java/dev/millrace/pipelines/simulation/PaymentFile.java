package dev.millrace.pipelines.simulation;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;

/**
 * A file that payments are written to, one by one. The format follows the file's name; a name that
 * ends in {@code .gz} is compressed as well.
 *
 * <ul>
 *   <li>{@code .csv}: with a header, the contract's fields in its order, times as {@code
 *       2018-04-01T00:00:31Z}; or, where their aliases are its columns, the whole table of the
 *       Fraud Detection Handbook, the label included;
 *   <li>{@code .jsonl}, {@code .json}: one object a line, the contract's fields in its order, times
 *       as {@code 2018-04-01T00:00:31Z};
 *   <li>{@code .avro}: an Avro object container of the contract, its blocks compressed.
 * </ul>
 *
 * <p>A contract with a field {@code fraud} receives the label too.
 *
 * <pre>{@code
 * try (PaymentFile file = PaymentFile.create(Path.of("april.csv.gz"), contract)) {
 *   for (Iterator<CardPayment> payments = simulation.payments(); payments.hasNext(); ) {
 *     file.write(payments.next());
 *   }
 * }
 * }</pre>
 */
public interface PaymentFile extends Closeable {

  void write(CardPayment payment) throws IOException;

  /** Creates or overwrites a file, and its folder if need be. */
  static PaymentFile create(Path path, Schema contract) throws IOException {
    String name = path.getFileName().toString();
    boolean compressed = name.endsWith(".gz");
    String plainName = compressed ? name.substring(0, name.length() - 3) : name;
    String ending = plainName.substring(plainName.lastIndexOf('.') + 1);
    return switch (ending) {
      case "csv" ->
          HandbookPayments.areMeantBy(contract)
              ? new HandbookPayments(open(path, compressed))
              : new CsvPayments(open(path, compressed), contract);
      case "jsonl", "json" -> new JsonPayments(open(path, compressed), contract);
      case "avro" -> new AvroPayments(open(path, compressed), contract);
      default ->
          throw new IllegalArgumentException(
              "cannot tell the format of "
                  + path
                  + "; the name must end in .csv, .jsonl, .json or .avro, and may add .gz");
    };
  }

  private static OutputStream open(Path path, boolean compressed) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    OutputStream file = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
    return compressed ? new GZIPOutputStream(file, 1 << 16) : file;
  }
}
