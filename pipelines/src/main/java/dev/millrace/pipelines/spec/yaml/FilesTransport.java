package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SinkSpec.FileFormat;
import dev.millrace.pipelines.spec.SinkSpec.Windows;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.transport.files.WindowedFiles;
import java.time.Duration;
import java.util.Optional;

/** {@code files: { path }}, and of a sink also {@code files: { path, window, format, shards }}. */
final class FilesTransport implements Transport {

  private static final int MOST_SHARDS = 10_000;

  @Override
  public SourceSpec source(Value value) {
    Section files = value.section("path", "watch");
    String path = files.required("path").path();
    return new SourceSpec.Files(
        path, files.optional("watch").map(FilesTransport::often).orElse(null));
  }

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section files = value.section("path", "window", "format", "shards");
    String path = files.required("path").path();
    Optional<Value> window = files.optional("window");
    Optional<Value> format = files.optional("format");
    Optional<Value> shards = files.optional("shards");
    if (window.isEmpty()) {
      format.or(() -> shards).ifPresent(FilesTransport::refuse);
      return new SinkSpec.Files(path);
    }
    Duration each = window.get().duration();
    WindowedFiles unused = window.get().checked(() -> WindowedFiles.in(path).withWindow(each));
    return new SinkSpec.Files(
        path,
        new Windows(
            each,
            format.map(FilesTransport::format).orElse(FileFormat.AVRO),
            shards.map(number -> number.number(1, MOST_SHARDS)).orElse(1)));
  }

  private static Duration often(Value given) {
    Duration watch = given.duration();
    if (watch.isZero()) {
      throw given.expected("a duration of more than nothing");
    }
    return watch;
  }

  private static void refuse(Value given) {
    throw given.problem(
        "found it for one file, whose name says its format, expected 'window' beside it%s"
            .formatted(given.forPath()));
  }

  private static FileFormat format(Value given) {
    if (given.isText("parquet")) {
      throw given.problem(
          "found parquet, expected one of avro, json: Parquet's writer needs Hadoop's libraries");
    }
    return given.choice(FileFormat.class);
  }
}
