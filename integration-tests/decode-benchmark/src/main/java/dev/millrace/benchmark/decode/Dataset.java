package dev.millrace.benchmark.decode;

import dev.millrace.transforms.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Different records of one contract, none of them of one kind only, so that no reader learns a
 * payload by heart.
 *
 * @param contract what every contestant reads them as
 * @param olderWriter an earlier version of the contract: it lacks a field that has a default now,
 *     has one that was removed since, and a narrower number where the contract has a wider
 * @param records by the contract's schema
 */
record Dataset(Contract contract, Schema olderWriter, List<GenericRecord> records) {

  static final int RECORDS = 4_096;

  /** Where the records come from. */
  enum Source {
    CARD_TRANSACTION("card-transaction"),
    CHICAGO_TAXI("chicago-taxi");

    private final String label;

    Source(String label) {
      this.label = label;
    }

    /** Its name in the table and in the JSON. */
    String label() {
      return label;
    }

    /** Why there is no such dataset on this machine; empty when there is. */
    String absent() {
      return switch (this) {
        case CARD_TRANSACTION -> "";
        case CHICAGO_TAXI -> TaxiTrips.absent();
      };
    }

    /** The same records each time. */
    Dataset load() {
      try {
        return switch (this) {
          case CARD_TRANSACTION -> CardTransactions.load();
          case CHICAGO_TAXI -> TaxiTrips.load();
        };
      } catch (IOException e) {
        throw new UncheckedIOException(label + ": " + e.getMessage(), e);
      }
    }
  }
}
