package dev.millrace.transforms.lookup;

import dev.millrace.transforms.decode.RecordDecoder;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.decode.UndecodableException;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes answers of a topic's values. Not thread-safe. */
interface TopicValues {

  /**
   * The answer of a value, whatever its bytes are.
   *
   * @throws SchemaSourceUnavailableException when it cannot be told yet what they are
   */
  Answer answer(RawRecord record);

  /**
   * Values in a format.
   *
   * @param format null for JSON objects without a contract
   */
  static TopicValues of(@Nullable RecordFormat format, LookupColumns columns) {
    AnswerReader reader = new AnswerReader(columns);
    return format == null
        ? record -> JsonRecord.answer(record.payload(), reader)
        : new Decoded(format, reader);
  }

  /** Values that a contract reads, each by the schema that it was written with. */
  final class Decoded implements TopicValues {
    private final RecordDecoder decoder;
    private final AnswerReader reader;
    private final Map<String, Column> columns = new HashMap<>();

    Decoded(RecordFormat format, AnswerReader reader) {
      this.decoder = format.open();
      this.reader = reader;
      for (String field : reader.wanted()) {
        columns.put(field, format.contract().layout().column(field));
      }
    }

    @Override
    public Answer answer(RawRecord record) {
      Event value;
      try {
        value = decoder.decode(record);
      } catch (UndecodableException e) {
        return new Answer.Invalid(e.message());
      }
      return reader.typed(field -> typed(Objects.requireNonNull(columns.get(field)), value));
    }

    /** As {@link LookupType#of} takes it. */
    private static @Nullable Object typed(Column column, Event value) {
      if (column.isNull(value)) {
        return null;
      }
      return switch (column.type()) {
        case ENUM -> column.getString(value);
        case TIMESTAMP -> Instant.ofEpochMilli(column.getMillis(value));
        default -> column.value(value);
      };
    }
  }
}
