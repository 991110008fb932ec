package dev.millrace.transforms.registry;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Avro schemas of a folder by their fingerprints, listed again for one that is not known. */
final class Fingerprints {

  private static final Logger LOG = LoggerFactory.getLogger(Fingerprints.class);
  private static final Map<String, Fingerprints> OPEN = new ConcurrentHashMap<>();
  private static final long LISTED_NANOS = 5_000_000_000L;

  private final Path folder;
  private final LongSupplier nanos;
  private final Map<SchemaId, SchemaText> known = new HashMap<>();
  private boolean listed;
  private long listedNanos;

  Fingerprints(Path folder, LongSupplier nanos) {
    this.folder = folder;
    this.nanos = nanos;
  }

  static Fingerprints of(String folder) {
    return OPEN.computeIfAbsent(
        folder, unseen -> new Fingerprints(Path.of(folder), System::nanoTime));
  }

  synchronized Optional<SchemaText> find(SchemaId fingerprint) throws IOException {
    SchemaText found = known.get(fingerprint);
    if (found == null && (!listed || nanos.getAsLong() - listedNanos > LISTED_NANOS)) {
      list();
      found = known.get(fingerprint);
    }
    return Optional.ofNullable(found);
  }

  private void list() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.avsc")) {
      for (Path file : files) {
        read(file);
      }
    }
    listed = true;
    listedNanos = nanos.getAsLong();
  }

  private void read(Path file) throws IOException {
    try {
      Schema schema = new Schema.Parser().parse(Files.readString(file));
      long crc64 = SchemaNormalization.parsingFingerprint64(schema);
      known.put(SchemaId.fingerprint(crc64), SchemaText.of(schema));
    } catch (AvroRuntimeException e) {
      // A file that is being written, or one that refers to another, must not hide the rest.
      LOG.warn("{}: found no Avro schema that stands alone: {}", file, e.getMessage());
    }
  }
}
