package dev.millrace.pipelines.assembly;

import dev.millrace.transforms.deadletter.WriteDeadLetters;
import dev.millrace.transforms.event.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes what a pipeline's features were for every event of a bounded source, as a CSV file: the
 * event's id, the columns asked for, then every feature and computed column. Dead letters go to an
 * Avro file beside it.
 *
 * @param with columns of the contract to write between the id and the features
 * @param arrivalOrder whether history is fed as the events come, as in a stream, and not by time
 */
public record Backfill(PipelinePlan plan, Path out, List<String> with, boolean arrivalOrder) {

  /** Where the dead letters of a backfill to {@code out} go. */
  public static Path deadLetters(Path out) {
    return out.resolveSibling(out.getFileName() + ".deadletters.avro");
  }

  /** Applies the transforms. */
  public void assemble(Pipeline pipeline) {
    List<String> columns = new ArrayList<>(List.of(plan.spec().events().id()));
    columns.addAll(with);
    columns.addAll(plan.features());
    Assembly assembly = new Assembly(pipeline, plan);
    if (arrivalOrder) {
      assembly.inArrivalOrder();
    }
    PCollection<Event> features = assembly.features();
    features.apply("Write features", CsvRows.to(out.toAbsolutePath().toString(), columns));
    assembly.write(WriteDeadLetters.toFile(deadLetters(out.toAbsolutePath()).toString()));
  }
}
