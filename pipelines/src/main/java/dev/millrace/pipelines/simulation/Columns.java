package dev.millrace.pipelines.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** What goes into each field of a contract, found once by the fields' names. */
final class Columns<T> {
  private static final Map<String, Function<CardPayment, Object>> OF_PAYMENTS =
      Map.of(
          "transaction_id", CardPayment::id,
          "occurred_at", CardPayment::occurredAt,
          "customer_id", CardPayment::customerId,
          "terminal_id", CardPayment::terminalId,
          "amount", CardPayment::amount,
          "currency", payment -> "EUR",
          "fraud", CardPayment::fraud,
          "scenario", CardPayment::scenario);

  private static final Map<String, Function<FraudReport, Object>> OF_REPORTS =
      Map.of(
          "transaction_id", report -> report.payment().id(),
          "occurred_at", report -> report.payment().occurredAt(),
          "reported_at", FraudReport::reportedAt,
          "customer_id", FraudReport::customerId,
          "terminal_id", report -> report.payment().terminalId(),
          "fraud", report -> report.payment().fraud());

  private final Schema contract;
  private final List<Function<T, Object>> byPosition;

  private Columns(Schema contract, Map<String, Function<T, Object>> known) {
    this.contract = contract;
    this.byPosition = new ArrayList<>();
    for (Schema.Field field : contract.getFields()) {
      byPosition.add(column(contract, field, known));
    }
  }

  static Columns<CardPayment> ofPayments(Schema contract) {
    return new Columns<>(contract, OF_PAYMENTS);
  }

  static Columns<FraudReport> ofReports(Schema contract) {
    return new Columns<>(contract, OF_REPORTS);
  }

  Schema contract() {
    return contract;
  }

  int size() {
    return byPosition.size();
  }

  /** The field's value: text, a double, an int, a boolean, an {@link Instant} or a default. */
  Object value(T event, int position) {
    return byPosition.get(position).apply(event);
  }

  GenericRecord toRecord(T event) {
    GenericRecord record = new GenericData.Record(contract);
    for (int i = 0; i < byPosition.size(); i++) {
      Object value = value(event, i);
      record.put(i, value instanceof Instant time ? time.toEpochMilli() : value);
    }
    return record;
  }

  /** A field that the simulation knows nothing of takes the contract's default. */
  private static <T> Function<T, Object> column(
      Schema contract, Schema.Field field, Map<String, Function<T, Object>> known) {
    Function<T, Object> column = known.get(field.name());
    if (column != null) {
      requireMillis(contract, field);
      return column;
    }
    if (!field.hasDefaultValue()) {
      throw new IllegalArgumentException(
          "contract %s has the field %s without a default; a simulated event has only %s"
              .formatted(contract.getFullName(), field.name(), new TreeSet<>(known.keySet())));
    }
    Object fallback = GenericData.get().getDefaultValue(field);
    return event -> fallback;
  }

  private static void requireMillis(Schema contract, Schema.Field field) {
    boolean isTime = field.name().endsWith("_at");
    if (isTime && !LogicalTypes.timestampMillis().equals(field.schema().getLogicalType())) {
      throw new IllegalArgumentException(
          "field %s of contract %s must be a timestamp-millis, but is %s"
              .formatted(field.name(), contract.getFullName(), field.schema()));
    }
  }
}
