package dev.millrace.transforms.registry;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * By what a schema is known where it is kept.
 *
 * @param kind whose numbering it is
 * @param value decimal, but for a revision's name and a fingerprint's 16 hexadecimal digits
 */
public record SchemaId(Kind kind, String value) implements Serializable {

  /** Whose numbering an id is of. */
  public enum Kind {
    /** The number in Confluent's frame: four bytes. */
    ID("id", "-?\\d{1,10}"),
    /** Apicurio's number of one version of one artifact. */
    GLOBAL_ID("global id", "-?\\d{1,19}"),
    /** Apicurio's number of a schema's text, whatever artifacts have it. */
    CONTENT_ID("content id", "-?\\d{1,19}"),
    /** Pub/Sub's name of a revision: {@code projects/P/schemas/S@REVISION}. */
    REVISION("revision", "projects/[^/@.][^/@]*/schemas/[^/@.][^/@]*@[^/@]+"),
    /** The CRC-64-AVRO fingerprint of an Avro schema's parsing canonical form. */
    FINGERPRINT("fingerprint", "[0-9a-f]{16}");

    private final String words;
    private final Pattern form;

    Kind(String words, String form) {
      this.words = words;
      this.form = Pattern.compile(form);
    }
  }

  /**
   * Checks the value, which may come out of a payload.
   *
   * @throws IllegalArgumentException when it is not of the kind's form
   */
  public SchemaId {
    if (!kind.form.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "schema %s: found %d characters of another form, expected %s"
              .formatted(kind.words, value.length(), kind.form));
    }
  }

  /** Confluent's. */
  public static SchemaId of(int id) {
    return new SchemaId(Kind.ID, Integer.toString(id));
  }

  /** Apicurio's, of one version of one artifact. */
  public static SchemaId globalId(long id) {
    return new SchemaId(Kind.GLOBAL_ID, Long.toString(id));
  }

  /** Apicurio's, of a text. */
  public static SchemaId contentId(long id) {
    return new SchemaId(Kind.CONTENT_ID, Long.toString(id));
  }

  /** Pub/Sub's, as {@code projects/my-project/schemas/payment@1a2b3c4d}. */
  public static SchemaId revision(String name) {
    return new SchemaId(Kind.REVISION, name);
  }

  /** Avro's, as {@code SchemaNormalization.parsingFingerprint64} computes it. */
  public static SchemaId fingerprint(long crc64) {
    return new SchemaId(Kind.FINGERPRINT, String.format(Locale.ROOT, "%016x", crc64));
  }

  /** As in messages: {@code schema id 7}. */
  @Override
  public String toString() {
    return "schema " + kind.words + " " + value;
  }
}
