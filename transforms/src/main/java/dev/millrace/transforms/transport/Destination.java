package dev.millrace.transforms.transport;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Where records go, whichever transport takes them there. */
public interface Destination extends Serializable {

  /** The transport's name, as in the names of steps, which may not change: {@code Kafka}. */
  String transport();

  /**
   * Whether records may be sent in the bundles of any function, by {@link #sender}: so they are,
   * where they are written at least once. Otherwise {@link #write} has steps of its own.
   */
  boolean isWrittenInBundles();

  /** For a function that writes in its bundles. */
  RecordSender sender();

  /** How large a record is to the transport, in bytes, what the transport itself adds included. */
  long sizeOf(OutgoingRecord record);

  /** Writes keys and values as they are; where a transport has a place for an id, it is the key. */
  PTransform<PCollection<KV<byte[], byte[]>>, PDone> write();
}
