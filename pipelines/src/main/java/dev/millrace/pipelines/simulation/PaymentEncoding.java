package dev.millrace.pipelines.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the payload of a delivery: Avro binary of the contract, bare or behind Confluent's frame (a
 * byte 0 and the schema's id in four bytes, big end first), spoilt as its {@link Flaw} says.
 *
 * <p>The same delivery always gives the same bytes. A malformed payload fails to decode under its
 * contract, always. For one thread at a time.
 *
 * <pre>{@code
 * PaymentEncoding.of(CardContracts.read(folder)).framedWith(transactionId, labelId).encode(delivery)
 * }</pre>
 */
public final class PaymentEncoding {
  /** An id that no registry gives out. */
  public static final int UNKNOWN_SCHEMA_ID = Integer.MAX_VALUE;

  private static final int RANDOM_LENGTH = 40;

  /** Avro's numbers are at most ten bytes long, the last without the high bit. */
  private static final int LONGEST_NUMBER = 10;

  private final CardContracts contracts;
  private final @Nullable Frame frame;
  private final AvroBytes<CardPayment> payments;
  private final AvroBytes<FraudReport> reports;

  private PaymentEncoding(CardContracts contracts, @Nullable Frame frame) {
    this.contracts = contracts;
    this.frame = frame;
    this.payments = new AvroBytes<>(Columns.ofPayments(contracts.transaction()));
    this.reports = new AvroBytes<>(Columns.ofReports(contracts.label()));
  }

  /** Without frames. Fails for a contract with a field that simulated events do not have. */
  public static PaymentEncoding of(CardContracts contracts) {
    return new PaymentEncoding(contracts, null);
  }

  /** With frames that carry these schema ids. */
  public PaymentEncoding framedWith(int transactionSchemaId, int labelSchemaId) {
    return new PaymentEncoding(contracts, new Frame(transactionSchemaId, labelSchemaId));
  }

  /**
   * The payload of a delivery. An unknown schema id without framing is an {@link
   * IllegalStateException}: there is nowhere to put it.
   */
  public byte[] encode(Delivery delivery) {
    if (delivery.event() instanceof FraudReport report) {
      byte[] body = reports.encode(report);
      return frame == null ? body : framed(frame.labelId, body);
    }
    CardPayment payment = (CardPayment) delivery.event();
    byte[] body = payments.encode(payment);
    Random random = Seeds.random(payment.id().hashCode(), "damage");
    return switch (delivery.flaw()) {
      case NONE, OUT_OF_ORDER, LATE, DUPLICATE -> sound(body);
      case TRUNCATED -> truncated(body, random);
      case RANDOM_BYTES -> sound(randomBytes(random));
      case WRONG_MAGIC -> wrongMagic(body, random);
      case EMPTY -> new byte[0];
      case UNKNOWN_SCHEMA_ID -> {
        if (frame == null) {
          throw new IllegalStateException(
              "a payload with an unknown schema id needs framing; this encoding has none");
        }
        yield framed(UNKNOWN_SCHEMA_ID, body);
      }
    };
  }

  private byte[] sound(byte[] body) {
    return frame == null ? body : framed(frame.transactionId, body);
  }

  /** Cut within the record: every byte of it is needed. */
  private byte[] truncated(byte[] body, Random random) {
    byte[] begin = new byte[1 + random.nextInt(body.length - 1)];
    System.arraycopy(body, 0, begin, 0, begin.length);
    return sound(begin);
  }

  /** Begins like a number without end, so that no first field can be read. */
  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[RANDOM_LENGTH];
    random.nextBytes(bytes);
    for (int i = 0; i < LONGEST_NUMBER; i++) {
      bytes[i] |= (byte) 0x80;
    }
    return bytes;
  }

  /** An odd byte below 0x80 is no frame, and to Avro a text of negative length. */
  private byte[] wrongMagic(byte[] body, Random random) {
    byte[] bytes = framed(frame == null ? 0 : frame.transactionId, body);
    bytes[0] = (byte) (2 * random.nextInt(64) + 1);
    return bytes;
  }

  private static byte[] framed(int schemaId, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(schemaId).put(body).array();
  }

  private record Frame(int transactionId, int labelId) {}

  /** Avro's binary form, through buffers that are used again. */
  private static final class AvroBytes<T> {
    private final Columns<T> columns;
    private final GenericDatumWriter<GenericRecord> writer;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);

    AvroBytes(Columns<T> columns) {
      this.columns = columns;
      this.writer = new GenericDatumWriter<>(columns.contract());
    }

    byte[] encode(T event) {
      try {
        bytes.reset();
        writer.write(columns.toRecord(event), encoder);
        encoder.flush();
        return bytes.toByteArray();
      } catch (IOException impossible) {
        throw new UncheckedIOException("writing to memory failed", impossible);
      }
    }
  }
}
