package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SourceSpec;

/** How a specification says where streams of one transport come from and go to. */
interface Transport extends SinkTransport {

  /** Reads what stands behind the transport's word in {@code from}. */
  SourceSpec source(Value value);
}
