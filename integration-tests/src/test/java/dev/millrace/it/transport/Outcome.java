package dev.millrace.it.transport;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deliver.DecisionSchema;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline made of a recording. Of each decision and each dead letter all is kept but where
 * it came from, and when and how fast it was made: what is to be the same on every transport and
 * every runner.
 */
final class Outcome {

  /** A model's sums depend on what else is in the batch, in the last digits. */
  private static final double TOLERANCE = 1e-4;

  private static final String SCORE = "fraud_probability";
  private static final Set<String> OF_THE_RUN = Set.of("model_micros", SCORE);

  private final BinaryMessageDecoder<GenericRecord> decoder;
  private final Map<String, String> decisions = new TreeMap<>();
  private final Map<String, Double> scores = new HashMap<>();
  private final Set<String> letters = new TreeSet<>();
  private @Nullable String contradiction;

  Outcome(PipelinePlan plan) {
    this.decoder =
        new BinaryMessageDecoder<>(
            new GenericData(), DecisionSchema.of(plan.spec().pipeline(), plan.decisions()));
  }

  void decision(byte[] value) throws IOException {
    decision(decoder.decode(value));
  }

  void decision(GenericRecord decision) {
    String id = decision.get("event_id").toString();
    String text =
        decision.getSchema().getFields().stream()
            .map(Schema.Field::name)
            .filter(name -> !name.startsWith("origin_") && !OF_THE_RUN.contains(name))
            .map(name -> name + "=" + decision.get(name))
            .collect(Collectors.joining(" "));
    String before = decisions.put(id, text);
    scores.put(id, (Double) decision.get(SCORE));
    if (before != null && !before.equals(text)) {
      contradiction = "found two decisions: %s and %s".formatted(before, text);
    }
  }

  /** Unreadable records have no id of their own: their text tells them apart. */
  void letter(DeadLetter letter) {
    letters.add(
        "%s %s %s %s %s"
            .formatted(
                letter.stage(),
                letter.reason(),
                letter.eventId(),
                Base64.getEncoder().encodeToString(letter.payload()),
                letter.message()));
  }

  /** How many events have come to an end. */
  int size() {
    return decisions.size() + letters.size();
  }

  int decisions() {
    return decisions.size();
  }

  int letters() {
    return letters.size();
  }

  /** In what this differs from another, by an example; null when it does not. */
  @Nullable String differenceTo(Outcome other) {
    if (contradiction != null) {
      return contradiction;
    }
    for (String id : union(decisions.keySet(), other.decisions.keySet())) {
      String mine = decisions.get(id);
      String theirs = other.decisions.get(id);
      if (!Objects.equals(mine, theirs)) {
        return "decision of %s: found %s, expected %s"
            .formatted(id, without(mine, theirs), without(theirs, mine));
      }
      double score = scores.getOrDefault(id, Double.NaN);
      double expected = other.scores.getOrDefault(id, Double.NaN);
      if (!(Math.abs(score - expected) <= TOLERANCE)) {
        return "score of %s: found %s, expected %s".formatted(id, score, expected);
      }
    }
    for (String letter : union(letters, other.letters)) {
      if (letters.contains(letter) != other.letters.contains(letter)) {
        return "dead letter %s: found %s, expected %s"
            .formatted(letter, letters.contains(letter), other.letters.contains(letter));
      }
    }
    return null;
  }

  /** The words of one text that the other has not. */
  private static String without(@Nullable String text, @Nullable String other) {
    Set<String> words = new LinkedHashSet<>(List.of(String.valueOf(text).split(" ")));
    words.removeAll(List.of(String.valueOf(other).split(" ")));
    return String.join(" ", words);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }
}
