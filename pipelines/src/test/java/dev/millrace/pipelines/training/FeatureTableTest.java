package dev.millrace.pipelines.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.models.Model;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.evaluation.DetectionProtocol;
import dev.millrace.models.evaluation.Evaluation;
import dev.millrace.models.training.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureTableTest {

  private static final LocalDate MARCH = LocalDate.of(2026, 3, 1);

  @TempDir private Path folder;

  private FeatureTable table(String... rows) throws IOException {
    Path file = folder.resolve("features.csv");
    Files.write(file, List.of(rows));
    return new FeatureTable(file, "id", "customer", "at", "fraud", List.of("amount", "count"));
  }

  private FeatureTable threeDays() throws IOException {
    return table(
        "id,extra,count,customer,at,amount,fraud",
        "b,x,2,anna,2026-03-02T10:00:00Z,5.5,1",
        "d,x,4,\"last, first\",2026-03-03T23:59:59.999Z,1e2,0",
        "a,x,1,bert,2026-03-02T10:00:00Z,7.25,0",
        "c,x,3,anna,2026-03-01T00:00:00Z,8.0,0");
  }

  @Test
  void the_days_asked_for_make_a_set_in_the_order_of_time_and_id() throws IOException {
    TrainingSet set = threeDays().trainingSet(Days.from(MARCH.plusDays(1), 2));
    assertThat(set.columns()).containsExactly("amount", "count");
    assertThat(set.size()).isEqualTo(3);
    assertThat(set.row(0)).containsExactly(7.25f, 1);
    assertThat(set.row(1)).containsExactly(5.5f, 2);
    assertThat(set.row(2)).containsExactly(100, 4);
    assertThat(set.label(1)).isTrue();
    assertThat(set.positives()).isEqualTo(1);
  }

  @Test
  void the_table_knows_its_days() throws IOException {
    assertThat(threeDays().days()).isEqualTo(Days.from(MARCH, 3));
  }

  @Test
  void days_that_are_not_there_are_an_error_that_says_which_are() throws IOException {
    FeatureTable table = threeDays();
    assertThatThrownBy(() -> table.trainingSet(Days.from(MARCH.plusDays(1), 3)))
        .isInstanceOf(FeatureTableException.class)
        .hasMessage(
            table.file()
                + ": found rows of the days 2026-03-01 to 2026-03-03,"
                + " expected all of 2026-03-02 to 2026-03-04");
  }

  @Test
  void a_file_that_is_no_table_of_these_columns_is_named() throws IOException {
    FeatureTable other = table("id,customer,at,fraud,amount", "a,b,2026-03-01T00:00:00Z,0,1");
    assertThatThrownBy(other::days)
        .hasMessage(
            other.file()
                + ": found no column 'count', expected it among the header's"
                + " [id, customer, at, fraud, amount]");
    FeatureTable cut = table("id,count,customer,at,amount,fraud", "a,1,anna");
    assertThatThrownBy(cut::days)
        .hasMessageStartingWith(cut.file() + ":2: found a damaged row")
        .hasMessageEndingWith("expected a backfill's");
    FeatureTable empty = table("id,count,customer,at,amount,fraud");
    assertThatThrownBy(empty::days)
        .hasMessage(empty.file() + ": found no rows, expected one for every event");
    Files.delete(empty.file());
    assertThatThrownBy(empty::days).hasMessageContaining("found no such file");
  }

  @Test
  void a_kept_table_of_something_else_is_refused() throws IOException {
    Path file = threeDays().file();
    FeatureOrigin origin = new FeatureOrigin("payments of May", "abc");
    origin.check(file);
    origin.note(file);
    origin.check(file);
    assertThatThrownBy(() -> new FeatureOrigin("payments of May", "def").check(file))
        .isInstanceOf(FeatureTableException.class)
        .hasMessageContaining("found a table of payments of May, features abc")
        .hasMessageContaining("expected one of payments of May, features def");
  }

  @Test
  void a_model_is_measured_on_the_days_after_the_delay_without_those_known_by_then()
      throws IOException {
    // Trained on 1 March, delay of a day, tested on 3 and 4 March.
    FeatureTable table =
        table(
            "id,count,customer,at,amount,fraud",
            "1,0,known,2026-03-01T08:00:00Z,1,1",
            "2,0,anna,2026-03-02T08:00:00Z,1,0",
            "3,0,known,2026-03-03T08:00:00Z,900,0",
            "4,0,bert,2026-03-03T08:00:00Z,800,1",
            "5,0,anna,2026-03-03T09:00:00Z,10,0",
            "6,0,dora,2026-03-04T08:00:00Z,20,1",
            "7,0,anna,2026-03-04T08:00:00Z,10,0");
    DetectionProtocol protocol =
        DetectionProtocol.trainedFrom(MARCH)
            .withTrainDays(1)
            .withDelayDays(1)
            .withTestDays(2)
            .withCardsPerDay(1);
    Evaluation evaluation = Measurement.of(new AmountAsScore(), table, protocol);
    assertThat(evaluation.transactions()).isEqualTo(4);
    assertThat(evaluation.frauds()).isEqualTo(2);
    assertThat(evaluation.averagePrecision()).isEqualTo(1);
    assertThat(evaluation.cardPrecision()).isEqualTo(1);
  }

  @Test
  void a_recipe_that_there_is_not_is_named_with_those_there_are() {
    assertThat(Recipe.named("card-fraud").label()).isEqualTo("fraud");
    assertThatThrownBy(() -> Recipe.named("card-frauds"))
        .hasMessage(
            "found model 'card-frauds' (did you mean 'card-fraud'?), expected one of card-fraud");
  }

  @Test
  void a_simulated_past_leaves_room_for_the_windows_before_and_the_test_behind() {
    SimulatedHistory history = new SimulatedHistory(3);
    assertThat(history.trainFrom()).isEqualTo(LocalDate.of(2018, 7, 11));
    assertThat(history)
        .hasToString(
            "simulated payments of 5,000 customers at 10,000 terminals,"
                + " 2018-04-01 to 2018-07-31, simulation seed 3");
  }

  private static final class AmountAsScore implements Model<float[], float[]> {
    @Override
    public ModelVersion version() {
      return new ModelVersion("amount", "1", "none");
    }

    @Override
    public List<float[]> predict(List<float[]> batch) {
      return batch.stream().map(row -> new float[] {row[0]}).toList();
    }

    @Override
    public void close() {}
  }
}
