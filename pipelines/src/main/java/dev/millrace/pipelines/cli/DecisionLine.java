package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.spec.PipelineSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/**
 * A decision as a line for people: when the event happened, its id, and what was inferred and
 * decided.
 *
 * @param columns what is shown of it
 */
record DecisionLine(List<String> columns) {

  static DecisionLine of(PipelineSpec spec) {
    List<String> columns = new ArrayList<>();
    if (spec.decide() != null) {
      columns.add(spec.decide().field());
    }
    if (spec.infer() != null) {
      columns.addAll(spec.infer().outputs().keySet());
    }
    return new DecisionLine(columns);
  }

  String text(GenericRecord decision) {
    StringBuilder line = new StringBuilder();
    line.append(Instant.ofEpochMilli((Long) decision.get("event_time")));
    line.append("  ").append(decision.get("event_id"));
    for (String column : columns) {
      if (decision.hasField(column)) {
        line.append("  ").append(column).append('=').append(decision.get(column));
      }
    }
    return line.toString();
  }
}
