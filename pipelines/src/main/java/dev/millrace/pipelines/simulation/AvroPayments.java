package dev.millrace.pipelines.simulation;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** An Avro object container. */
final class AvroPayments implements PaymentFile {
  private final Columns<CardPayment> columns;
  private final DataFileWriter<GenericRecord> file;

  AvroPayments(OutputStream out, Schema contract) throws IOException {
    this.columns = Columns.ofPayments(contract);
    this.file = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(contract));
    file.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
    file.create(contract, out);
  }

  @Override
  public void write(CardPayment payment) throws IOException {
    file.append(columns.toRecord(payment));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
