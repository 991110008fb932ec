package dev.millrace.transforms.inference;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;

/** How events become a model's inputs, and its outputs columns. */
public interface ModelBinding<InT, OutT> extends Serializable {

  /** The columns that the outputs become. */
  List<Field> columns();

  /**
   * Resolves the columns.
   *
   * @throws IllegalArgumentException naming an input that {@code input} has not, or of a type that
   *     the model cannot take
   */
  Bound<InT, OutT> bind(EventLayout input, EventLayout output);

  /** A binding whose columns are resolved. Not thread-safe. */
  interface Bound<InT, OutT> {

    /** The model's input for one event. */
    InT input(Event event);

    /** Writes the model's output into the columns. */
    void write(OutT output, EventBuilder builder);
  }
}
