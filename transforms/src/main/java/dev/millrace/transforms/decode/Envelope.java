package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a payload, for all formats: where its schema is named, where that is kept, and
 * how large it may be.
 *
 * @param schemas null only where the frame needs none
 */
record Envelope(Framing framing, @Nullable SchemaSource schemas, Limits limits)
    implements Serializable {

  static final Envelope NONE = new Envelope(Framing.NONE, null, Limits.DEFAULT);

  /**
   * @throws IllegalArgumentException when {@code schemas} cannot know the ids of the frame
   */
  Envelope with(Framing framing, SchemaSource schemas) {
    SchemaId.Kind kind =
        switch (framing) {
          case NONE, CONFLUENT -> SchemaId.Kind.ID;
          case HEADERS -> SchemaId.Kind.GLOBAL_ID;
          case PUBSUB -> SchemaId.Kind.REVISION;
          case SINGLE_OBJECT -> SchemaId.Kind.FINGERPRINT;
        };
    if (framing != Framing.NONE && !schemas.keeps(kind)) {
      throw new IllegalArgumentException(
          "framing %s: found %s, which does not know schemas by their %s"
              .formatted(framing, schemas, kind));
    }
    return new Envelope(framing, schemas, limits);
  }

  Envelope with(Limits limits) {
    return new Envelope(framing, schemas, limits);
  }

  /**
   * @param own by which the contract's own schema is known without asking, where the frame can name
   *     it so
   * @param encoding as {@link Frame#of} takes it
   */
  RecordDecoder open(
      Contract contract, PayloadReader.Factory readers, Optional<SchemaId> own, String encoding) {
    EventDraft draft = new EventDraft(contract, limits);
    if (framing == Framing.NONE) {
      PayloadReader ofContract = readers.ofContract(draft);
      return record -> {
        limits.check(record.payload());
        draft.start();
        ofContract.read(record.payload(), 0, draft);
        return draft.finish(record.origin());
      };
    }
    FramedDecoder decoder = new FramedDecoder(Frame.of(framing, encoding), schemas, readers, draft);
    own.ifPresent(id -> decoder.know(id, readers.ofContract(draft)));
    return decoder;
  }

  void check() {
    if (schemas != null) {
      schemas.check();
    }
  }
}
