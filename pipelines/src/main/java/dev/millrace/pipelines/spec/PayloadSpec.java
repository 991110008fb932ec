package dev.millrace.pipelines.spec;

import dev.millrace.pipelines.spec.FormatSpec.Framing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What payloads are read as, how they name the schema they were written with, and how large they
 * may be: the same for all formats that have schemas.
 *
 * @param contract the schema that every event is read as: a path or URI
 * @param registry where the writers' schemas are kept, null for nowhere
 * @param framing where a record names its schema
 */
public record PayloadSpec(
    String contract, @Nullable RegistrySpec registry, Framing framing, Limits limits) {

  /**
   * How large a payload may be; null for as large as is usual.
   *
   * @param bytes of the whole
   * @param depth how many records, lists and maps may stand within each other
   * @param items of all its lists and maps together
   */
  public record Limits(@Nullable Integer bytes, @Nullable Integer depth, @Nullable Integer items) {

    public static final Limits USUAL = new Limits(null, null, null);
  }

  /**
   * Checks that what a frame names can be found.
   *
   * @throws IllegalArgumentException when it needs a registry and there is none
   */
  public PayloadSpec {
    boolean alone = framing == Framing.NONE || framing == Framing.SINGLE_OBJECT;
    if (registry == null && !alone) {
      throw new IllegalArgumentException(
          "found framing '%s' without a registry, expected a registry that knows the schema ids, or framing 'none'"
              .formatted(framing.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Confluent framing when there is a registry, no framing when there is none. */
  public static PayloadSpec of(String contract, @Nullable RegistrySpec registry) {
    Framing framing = registry == null ? Framing.NONE : Framing.CONFLUENT;
    return new PayloadSpec(contract, registry, framing, Limits.USUAL);
  }
}
