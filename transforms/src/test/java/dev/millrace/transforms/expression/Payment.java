package dev.millrace.transforms.expression;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.time.Instant;
import org.apache.beam.sdk.schemas.Schema;

/** A card payment with the columns that the card-fraud pipeline's expressions read. */
public final class Payment {

  public static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder()
              .addDoubleField("amount")
              .addStringField("currency")
              .addDateTimeField("occurred_at")
              .addInt64Field("terminal_count_7d")
              .addInt64Field("terminal_frauds_7d")
              .addFloatField("fraud_probability")
              .addNullableStringField("merchant")
              .addNullableInt32Field("attempts")
              .addByteArrayField("signature")
              .build());

  private final EventBuilder builder = new EventBuilder(LAYOUT);

  private Payment() {}

  /** 12.50 EUR at noon on Sunday, 1 April 2018, at a terminal with 8 payments, 2 of them frauds. */
  public static Payment usual() {
    Payment payment = new Payment();
    payment.builder.setString(LAYOUT.column("currency"), "EUR");
    payment.builder.setDouble(LAYOUT.column("amount"), 12.5);
    payment.builder.setFloat(LAYOUT.column("fraud_probability"), 0.25f);
    payment.builder.setBytes(LAYOUT.column("signature"), new byte[] {1, 2}, 0, 2);
    return payment.at("2018-04-01T12:00:00Z").atTerminal(8, 2);
  }

  public Payment at(String time) {
    builder.setLong(LAYOUT.column("occurred_at"), Instant.parse(time).toEpochMilli());
    return this;
  }

  public Payment atTerminal(long count, long frauds) {
    builder.setLong(LAYOUT.column("terminal_count_7d"), count);
    builder.setLong(LAYOUT.column("terminal_frauds_7d"), frauds);
    return this;
  }

  public Payment merchant(String merchant) {
    builder.setString(LAYOUT.column("merchant"), merchant);
    return this;
  }

  public Payment attempts(int attempts) {
    builder.setInt(LAYOUT.column("attempts"), attempts);
    return this;
  }

  public Event event() {
    return builder.build("tx-1", 0, Origin.NONE);
  }
}
