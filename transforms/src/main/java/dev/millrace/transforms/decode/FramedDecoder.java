package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.UnusableSchemaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Payloads that name their schema: one reader for each schema met, kept by its id. */
final class FramedDecoder implements RecordDecoder {

  private static final int READERS_KEPT = 1_000;

  /** What a schema's id came to: a reader, or why there can be none. */
  private record Known(@Nullable PayloadReader reader, @Nullable UndecodableException refusal) {}

  private final Frame frame;
  private final @Nullable SchemaSource schemas;
  private final PayloadReader.Factory readers;
  private final EventDraft draft;
  private final Map<SchemaId, Known> known = new Oldest();

  // Most records are written by the same schema as the one before.
  private @Nullable SchemaId lastId;
  private @Nullable PayloadReader lastReader;

  FramedDecoder(
      Frame frame,
      @Nullable SchemaSource schemas,
      PayloadReader.Factory readers,
      EventDraft draft) {
    this.frame = frame;
    this.schemas = schemas;
    this.readers = readers;
    this.draft = draft;
  }

  /** Takes a schema as known, without asking for it. */
  void know(SchemaId id, PayloadReader reader) {
    known.put(id, new Known(reader, null));
  }

  @Override
  public Event decode(RawRecord record) throws UndecodableException {
    draft.limits().check(record.payload());
    SchemaId id = frame.schemaOf(record);
    try {
      PayloadReader reader = reader(id);
      draft.start();
      reader.read(record.payload(), frame.length, draft);
      return draft.finish(record.origin());
    } catch (UndecodableException e) {
      throw e.withSchemaId(id);
    }
  }

  private PayloadReader reader(SchemaId id) throws UndecodableException {
    if (lastReader != null && id.equals(lastId)) {
      return lastReader;
    }
    Known found = known.get(id);
    if (found == null) {
      found = resolve(id);
      known.put(id, found);
    }
    if (found.reader == null) {
      throw Objects.requireNonNull(found.refusal);
    }
    lastId = id;
    lastReader = found.reader;
    return found.reader;
  }

  /** An id that the source does not know is not kept here: it may be registered any moment. */
  private Known resolve(SchemaId id) throws UndecodableException {
    SchemaText writer = find(schemas, id);
    try {
      return new Known(readers.of(writer, draft), null);
    } catch (UndecodableException e) {
      String message = "%s: %s".formatted(id, e.message());
      return new Known(null, new UndecodableException(e.reason(), message, id, e.getCause()));
    }
  }

  /**
   * The schema of this id.
   *
   * @throws UndecodableException when there is none, or none that can be used
   */
  static SchemaText find(@Nullable SchemaSource schemas, SchemaId id) throws UndecodableException {
    Optional<SchemaText> found;
    try {
      found = schemas == null ? Optional.empty() : schemas.find(id);
    } catch (UnusableSchemaException e) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA, String.valueOf(e.getMessage()), id, e);
    }
    return found.orElseThrow(
        () ->
            new UndecodableException(
                Reason.UNKNOWN_SCHEMA,
                "payload: found %s, expected one that %s knows"
                    .formatted(id, schemas == null ? "the contract" : schemas)));
  }

  /** Drops what was not used for longest, past {@link #READERS_KEPT}. */
  private static final class Oldest extends LinkedHashMap<SchemaId, Known> {
    Oldest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<SchemaId, Known> eldest) {
      return size() > READERS_KEPT;
    }
  }
}
