package dev.millrace.pipelines.training;

import static java.time.ZoneOffset.UTC;

import dev.millrace.models.training.TrainingSet;
import dev.millrace.pipelines.assembly.Backfill;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.decode.CsvLine;
import dev.millrace.transforms.decode.UndecodableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file with a row for every event of the past, in any order: its id, whose it is, when it
 * was, its label and what the model is to be given. A backfill writes it.
 *
 * <p>It is read from beginning to end, one row at a time; what is not asked for is not kept.
 *
 * @param inputs the columns of the model's inputs, in its order
 */
public record FeatureTable(
    Path file, String id, String card, String time, String label, List<String> inputs) {

  public FeatureTable {
    inputs = List.copyOf(inputs);
  }

  /**
   * One event.
   *
   * @param inputs in the order of the table's
   */
  public record Row(String id, String card, Instant time, boolean label, float[] inputs) {}

  /**
   * The table at {@code file} of what {@code recipe} needs from a pipeline.
   *
   * @throws SpecException when the pipeline has no model, whose inputs would be the columns
   */
  public static FeatureTable of(Path file, PipelineSpec spec, Recipe recipe) {
    InferSpec infer = spec.infer();
    if (infer == null) {
      throw new SpecException(
          spec.place("pipeline"), "found no section 'infer', expected one with the model's inputs");
    }
    return new FeatureTable(
        file,
        spec.events().id(),
        recipe.card(),
        spec.events().eventTime(),
        recipe.label(),
        infer.inputs());
  }

  /** What writes this table, from the whole of the pipeline's source. */
  public Backfill backfill(PipelinePlan plan) {
    Set<String> fields = new LinkedHashSet<>(List.of(card, time, label));
    fields.addAll(inputs);
    plan.features().forEach(fields::remove);
    fields.remove(id);
    return new Backfill(plan, file, List.copyOf(fields), false);
  }

  /**
   * The labelled inputs of some days, in the order of time and then of ids, whatever the file's
   * order, so that the same events make the same set.
   *
   * @throws FeatureTableException when the table does not have all of these days
   */
  public TrainingSet trainingSet(Days days) {
    List<Row> rows = new ArrayList<>();
    read(days, rows::add);
    rows.sort(Comparator.comparing(Row::time).thenComparing(Row::id));
    TrainingSet set = TrainingSet.of(inputs);
    rows.forEach(row -> set.add(row.inputs(), row.label()));
    return set;
  }

  /**
   * The first and the last day of which there is any row.
   *
   * @throws FeatureTableException when the file is no such table, or has no row at all
   */
  public Days days() {
    return scan(time -> false, row -> {});
  }

  /**
   * Gives every row of some days to {@code each}, in the file's order.
   *
   * @throws FeatureTableException when the table does not have all of these days
   */
  void read(Days days, Consumer<Row> each) {
    Days all = scan(days::contains, each);
    if (!all.contains(days)) {
      throw FeatureTableException.at(file, "rows of the days " + all, "all of " + days);
    }
  }

  private Days scan(Predicate<Instant> wanted, Consumer<Row> each) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      CsvLine csv = new CsvLine();
      Columns columns = new Columns(Optional.ofNullable(lines.readLine()).orElse(""));
      @Nullable Days all = null;
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          List<CsvLine.Cell> cells = csv.split(line);
          Instant at = columns.time(cells);
          all = including(all, at.atZone(UTC).toLocalDate());
          if (wanted.test(at)) {
            each.accept(columns.row(cells, at));
          }
        } catch (UndecodableException
            | DateTimeParseException
            | NumberFormatException
            | IndexOutOfBoundsException e) {
          throw FeatureTableException.at(
              file + ":" + number, "a damaged row (" + e.getMessage() + ")", "a backfill's");
        }
      }
      if (all == null) {
        throw FeatureTableException.at(file, "no rows", "one for every event");
      }
      return all;
    } catch (NoSuchFileException e) {
      throw FeatureTableException.at(file, "no such file", "a backfill's");
    } catch (IOException e) {
      throw new FeatureTableException(file + ": the table cannot be read: " + e, e);
    }
  }

  private static Days including(@Nullable Days days, LocalDate day) {
    if (days == null) {
      return new Days(day, day);
    }
    if (day.isBefore(days.first())) {
      return new Days(day, days.last());
    }
    return day.isAfter(days.last()) ? new Days(days.first(), day) : days;
  }

  /** Where in a line the columns are. */
  private final class Columns {
    private final int idAt;
    private final int cardAt;
    private final int timeAt;
    private final int labelAt;
    private final int[] inputsAt;

    Columns(String headerLine) {
      List<String> header = Arrays.asList(headerLine.split(",", -1));
      idAt = position(header, id);
      cardAt = position(header, card);
      timeAt = position(header, time);
      labelAt = position(header, label);
      inputsAt = inputs.stream().mapToInt(input -> position(header, input)).toArray();
    }

    Instant time(List<CsvLine.Cell> cells) {
      return Instant.parse(cells.get(timeAt).text());
    }

    Row row(List<CsvLine.Cell> cells, Instant at) {
      float[] values = new float[inputsAt.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.parseFloat(cells.get(inputsAt[i]).text());
      }
      return new Row(
          cells.get(idAt).text(),
          cells.get(cardAt).text(),
          at,
          cells.get(labelAt).text().equals("1"),
          values);
    }

    private int position(List<String> header, String column) {
      int position = header.indexOf(column);
      if (position < 0) {
        throw FeatureTableException.at(
            file, "no column '" + column + "'", "it among the header's " + header);
      }
      return position;
    }
  }
}
