package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import java.util.Optional;

/** How a specification says where streams go by one transport. */
interface SinkTransport {

  /**
   * Reads what stands behind the transport's word in {@code to} or {@code deadLetters}. What a sink
   * does not say it has of the events, where they are of the same transport.
   *
   * @param events empty when they are wrong: a sink that leans on them is then not to blame
   */
  SinkSpec sink(Value value, Optional<SourceSpec> events);
}
