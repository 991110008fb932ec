package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.event.AvroEventWriter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One record that a stage could not handle, with its cause, where it came from, and the bytes
 * needed to try again. {@code dead-letter.avsc} beside this class is its form outside.
 */
@AutoValue
public abstract class DeadLetter {

  /** How many bytes of a payload are kept: less than a Kafka record may have. */
  public static final int LONGEST_PAYLOAD = 900_000;

  /** The attribute of a dead letter that was cut to fit its topic: how long its payload was. */
  private static final String CUT = "millrace.payload.bytes";

  private static final int LONGEST_TEXT_OF_CUT = 1_000;

  /** What {@link #payload} holds. */
  public enum Encoding {
    /** The bytes as the source gave them. */
    AS_RECEIVED,
    /** The event as Avro binary of the contract, without a frame. */
    CONTRACT
  }

  /** The same for the same record failing in the same way, so that a repeat is recognised. */
  public abstract String id();

  public abstract Stage stage();

  public abstract Reason reason();

  /** What was found and what was expected, for a person. */
  public abstract String message();

  public abstract @Nullable String exceptionClass();

  public abstract Origin origin();

  /** Null when the record failed before its id was read. */
  public abstract @Nullable String eventId();

  /** Milliseconds since 1970-01-01T00:00Z; null when the record failed before it was read. */
  public abstract @Nullable Long eventTime();

  /** By what its schema is known where it is kept, where the record says it. */
  public abstract @Nullable String schemaId();

  public abstract @Nullable String modelVersion();

  /** The name of the pipeline; {@link WriteDeadLetters} fills it in. */
  public abstract String pipeline();

  public abstract String pipelineVersion();

  /** 1 for a record that was never replayed. */
  public abstract int attempt();

  /** When it first failed, in milliseconds since 1970-01-01T00:00Z. */
  public abstract long firstSeen();

  public abstract Encoding encoding();

  /** The source's, for a record that could not be decoded. */
  @SuppressWarnings("mutable")
  public abstract byte @Nullable [] key();

  @SuppressWarnings("mutable")
  public abstract byte[] payload();

  /** What the source carried beside the payload, for a record that could not be decoded. */
  @SuppressWarnings("AutoValueImmutableFields")
  public abstract Map<String, byte[]> attributes();

  abstract Builder toBuilder();

  static Builder builder() {
    return new AutoValue_DeadLetter.Builder()
        .setPipeline("")
        .setPipelineVersion("")
        .setAttempt(1)
        .setAttributes(Map.of());
  }

  /** A record that could not be decoded: its bytes are kept as they came. */
  public static DeadLetter undecodable(
      Origin origin,
      byte @Nullable [] key,
      byte[] payload,
      Map<String, byte[]> attributes,
      @Nullable String schemaId,
      Reason reason,
      String message,
      @Nullable Throwable cause) {
    return failure(Stage.DECODE, reason, message, origin, cause)
        .setAttempt(Resent.number(attributes))
        .setSchemaId(schemaId)
        .setEncoding(Encoding.AS_RECEIVED)
        .setKey(key)
        .setPayload(payload)
        .setAttributes(attributes)
        .build();
  }

  /** An event that a later stage could not handle: it is encoded again by its contract. */
  public static DeadLetter failed(
      Stage stage, Event event, Reason reason, String message, @Nullable Throwable cause) {
    return failure(stage, reason, message, event.origin(), cause)
        .setAttempt(event.attempt().number())
        .setEventId(event.id())
        .setEventTime(event.time())
        .setEncoding(Encoding.CONTRACT)
        .setPayload(byContract(event))
        .build();
  }

  /** This dead letter, naming the model that was asked. */
  public DeadLetter withModelVersion(String modelVersion) {
    return toBuilder().setModelVersion(modelVersion).build();
  }

  /** Whether it is not all that it was, as it would not have fitted its topic. */
  public boolean isCut() {
    return attributes().containsKey(CUT);
  }

  /**
   * This dead letter, smaller by {@code bytes} or more: the end of the payload goes first; where
   * that is not enough also the key, the attributes and the end of long texts.
   */
  DeadLetter smallerBy(long bytes) {
    byte[] length = Integer.toString(payload().length).getBytes(UTF_8);
    // What the mark itself takes.
    long kept = payload().length - bytes - CUT.length() - length.length - 8;
    Map<String, byte[]> marked = new HashMap<>(attributes());
    marked.put(CUT, length);
    if (kept >= 0) {
      return toBuilder()
          .setPayload(Arrays.copyOf(payload(), (int) kept))
          .setAttributes(marked)
          .build();
    }
    String id = eventId();
    return toBuilder()
        .setPayload(new byte[0])
        .setAttributes(Map.of(CUT, length))
        .setKey(null)
        .setMessage(beginning(message()))
        .setEventId(id == null ? null : beginning(id))
        .build();
  }

  private static String beginning(String text) {
    return text.length() <= LONGEST_TEXT_OF_CUT
        ? text
        : text.substring(0, LONGEST_TEXT_OF_CUT) + "...";
  }

  DeadLetter withPipeline(String name, String version) {
    return toBuilder().setPipeline(name).setPipelineVersion(version).build();
  }

  private static Builder failure(
      Stage stage, Reason reason, String message, Origin origin, @Nullable Throwable cause) {
    String identity = origin + " " + stage + " " + reason;
    return builder()
        .setId(UUID.nameUUIDFromBytes(identity.getBytes(UTF_8)).toString())
        .setStage(stage)
        .setReason(reason)
        .setMessage(message)
        .setExceptionClass(cause == null ? null : cause.getClass().getName())
        .setOrigin(origin)
        .setFirstSeen(System.currentTimeMillis());
  }

  private static byte[] byContract(Event event) {
    String contract = event.layout().contract();
    if (contract == null) {
      return new byte[0];
    }
    Schema schema = new Schema.Parser().parse(contract);
    return new AvroEventWriter(schema, event.layout()).write(new byte[0], event);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setId(String value);

    abstract Builder setStage(Stage value);

    abstract Builder setReason(Reason value);

    abstract Builder setMessage(String value);

    abstract Builder setExceptionClass(@Nullable String value);

    abstract Builder setOrigin(Origin value);

    abstract Builder setEventId(@Nullable String value);

    abstract Builder setEventTime(@Nullable Long value);

    abstract Builder setSchemaId(@Nullable String value);

    abstract Builder setModelVersion(@Nullable String value);

    abstract Builder setPipeline(String value);

    abstract Builder setPipelineVersion(String value);

    abstract Builder setAttempt(int value);

    abstract Builder setFirstSeen(long value);

    abstract Builder setEncoding(Encoding value);

    abstract Builder setKey(byte @Nullable [] value);

    abstract Builder setPayload(byte[] value);

    abstract Builder setAttributes(Map<String, byte[]> value);

    abstract DeadLetter build();
  }
}
