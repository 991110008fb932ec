package dev.millrace.pipelines.simulation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;

/** One JSON object a line. */
final class JsonPayments implements PaymentFile {
  private final JsonGenerator json;
  private final Columns<CardPayment> columns;
  private final List<String> names;

  JsonPayments(OutputStream out, Schema contract) throws IOException {
    this.columns = Columns.ofPayments(contract);
    this.names = contract.getFields().stream().map(Schema.Field::name).toList();
    this.json = new JsonFactory().createGenerator(out).setRootValueSeparator(null);
  }

  @Override
  public void write(CardPayment payment) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < names.size(); i++) {
      json.writeFieldName(names.get(i));
      write(columns.value(payment, i));
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
  }

  private void write(Object value) throws IOException {
    if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof String || value instanceof Instant) {
      json.writeString(value.toString());
    } else {
      throw new IOException(
          "a default of type %s cannot be written as JSON"
              .formatted(value.getClass().getSimpleName()));
    }
  }
}
