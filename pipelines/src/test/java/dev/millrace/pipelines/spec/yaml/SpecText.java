package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small correct specification that a test bends, writes to a folder and reads back. */
final class SpecText {

  private static final String SMALL =
      """
      pipeline: payments
      events:
        from:
          kafka:
            bootstrapServers: broker:9092
            topic: payments
        format: { avro: { contract: payment.avsc } }
        id: payment_id
        eventTime: paid_at
      history:
        - key: customer_id
          features:
            count_1d: { count: events, over: 1d }
      decide:
        field: decision
        rules:
          - { when: "count_1d > 9", then: DECLINE }
        otherwise: APPROVE
      to: { kafka: { topic: decisions } }
      """;

  private final Path file;
  private String text = SMALL;
  private final List<String> overrides = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  private SpecText(Path folder) {
    this.file = folder.resolve("p.yaml");
  }

  static SpecText in(Path folder) {
    return new SpecText(folder);
  }

  /** Replaces a part that must be there, so that a test cannot go stale unnoticed. */
  SpecText with(String old, String now) {
    if (!text.contains(old)) {
      throw new IllegalArgumentException("no '" + old + "' in the small specification");
    }
    text = text.replace(old, now);
    return this;
  }

  SpecText plus(String more) {
    text += more;
    return this;
  }

  SpecText whole(String whole) {
    text = whole;
    return this;
  }

  SpecText set(String assignment) {
    overrides.add(assignment);
    return this;
  }

  SpecText variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  PipelineSpec read() {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PipelineSpecReader.read(file, Overrides.parse(overrides), environment::get);
  }

  /** The problems that reading meets, the folder cut off their places; none when it succeeds. */
  List<String> problems() {
    try {
      read();
      return List.of();
    } catch (SpecException e) {
      String folder = Objects.requireNonNull(file.getParent()) + "/";
      return e.problems().stream().map(problem -> problem.replace(folder, "")).toList();
    }
  }
}
