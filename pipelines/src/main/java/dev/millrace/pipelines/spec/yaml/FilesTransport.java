package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import java.util.Optional;

/** {@code files: { path }}. */
final class FilesTransport implements Transport {

  @Override
  public SourceSpec source(Value value) {
    return new SourceSpec.Files(value.section("path").required("path").path());
  }

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    return new SinkSpec.Files(value.section("path").required("path").path());
  }
}
