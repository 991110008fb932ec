package dev.millrace.pipelines.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import org.apache.avro.Schema;

/** A line a payment under a header, the contract's fields in its order. */
final class CsvPayments implements PaymentFile {
  private final Columns<CardPayment> columns;
  private final Writer out;

  CsvPayments(OutputStream out, Schema contract) throws IOException {
    this.columns = Columns.ofPayments(contract);
    this.out = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
    this.out.write(
        String.join(",", contract.getFields().stream().map(Schema.Field::name).toList()));
    this.out.write('\n');
  }

  @Override
  public void write(CardPayment payment) throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      out.write(i == 0 ? "" : ",");
      out.write(cell(columns.value(payment, i).toString()));
    }
    out.write('\n');
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Only the default of a field of the contract's own can need quotes. */
  private static String cell(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
