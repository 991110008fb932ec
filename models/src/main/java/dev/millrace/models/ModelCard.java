package dev.millrace.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know about one version of a model: {@code model.json} beside the files it
 * describes. Foreign models have none.
 *
 * @param name the model's name
 * @param version the name of its version folder
 * @param signature the signature to serve
 * @param inputs the columns of a row, in order
 * @param outputs the names of the outputs, in the order of a golden row's scores
 * @param data what it was trained on, for people to read
 * @param seed what makes the training repeatable
 * @param createdBy the command that makes it again
 * @param metrics how good it was found to be, by name
 * @param golden rows with the scores they must give
 * @param files SHA-256 by path below the version folder
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ModelCard(
    String name,
    String version,
    String signature,
    List<String> inputs,
    List<String> outputs,
    String data,
    long seed,
    String createdBy,
    SortedMap<String, Double> metrics,
    List<GoldenRow> golden,
    SortedMap<String, String> files) {

  /** The card's file name. */
  public static final String FILE = "model.json";

  /**
   * How far a score may lie from a golden one, absolutely. Kernels differ between processors by
   * about 1e-6; damage that matters moves a probability further than this.
   */
  public static final double TOLERANCE = 1e-4;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A later version may say more than this one knows.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** A row and the scores it must give, the outputs' values one behind the other. */
  public record GoldenRow(List<Float> inputs, List<Float> scores) {
    public GoldenRow {
      inputs = List.copyOf(inputs);
      scores = List.copyOf(scores);
    }
  }

  public ModelCard {
    name = present(name, "name");
    version = present(version, "version");
    signature = present(signature, "signature");
    inputs = List.copyOf(present(inputs, "inputs"));
    outputs = List.copyOf(present(outputs, "outputs"));
    data = present(data, "data");
    createdBy = present(createdBy, "createdBy");
    metrics = new TreeMap<>(present(metrics, "metrics"));
    golden = List.copyOf(present(golden, "golden"));
    files = new TreeMap<>(present(files, "files"));
  }

  /**
   * The card of the version at {@code folder}; empty for a foreign model, which has none.
   *
   * @throws ModelException when there is a card that cannot be read
   */
  public static Optional<ModelCard> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), ModelCard.class));
    } catch (JsonProcessingException e) {
      throw ModelException.at(file, e.getOriginalMessage() + position(e), "a model card");
    } catch (IOException e) {
      throw new ModelException(file + ": the model card cannot be read: " + e, e);
    }
  }

  /** Writes this card into {@code folder}, with the checksums of the files that lie there now. */
  public ModelCard writeTo(Path folder) throws IOException {
    ModelCard complete = withFiles(Checksums.of(folder));
    Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(complete) + "\n");
    return complete;
  }

  /**
   * Checks that every file of this card lies in {@code folder} as it was written.
   *
   * @throws ModelException naming the first file that is missing or differs
   */
  public void verifyFiles(Path folder) {
    SortedMap<String, String> found = Checksums.of(folder);
    files.forEach(
        (file, expected) -> {
          String sum = found.get(file);
          if (sum == null) {
            throw ModelException.at(
                folder.resolve(file), "no such file", "the one listed in " + FILE);
          }
          if (!sum.equals(expected)) {
            throw ModelException.at(folder.resolve(file), "SHA-256 " + sum, expected);
          }
        });
  }

  /**
   * Scores the golden rows and compares within {@link #TOLERANCE}.
   *
   * @throws ModelException naming the first golden row that scores otherwise
   */
  public void verifyGolden(Path folder, UnaryOperator<List<float[]>> model) {
    List<float[]> scores = model.apply(golden.stream().map(row -> floats(row.inputs())).toList());
    for (int i = 0; i < golden.size(); i++) {
      float[] expected = floats(golden.get(i).scores());
      float[] found = scores.get(i);
      if (!close(found, expected)) {
        throw ModelException.at(
            folder.resolve(FILE) + ": golden row " + i,
            "scores " + Arrays.toString(found),
            Arrays.toString(expected) + " within " + TOLERANCE);
      }
    }
  }

  /** Which model this is; the checksum is over the files that the card lists. */
  public ModelVersion modelVersion() {
    return new ModelVersion(name, version, Checksums.combined(files));
  }

  /** This card with the metrics of a later evaluation beside its own. */
  public ModelCard withMetrics(Map<String, Double> more) {
    SortedMap<String, Double> all = new TreeMap<>(metrics);
    all.putAll(more);
    return new ModelCard(
        name, version, signature, inputs, outputs, data, seed, createdBy, all, golden, files);
  }

  private ModelCard withFiles(SortedMap<String, String> sums) {
    return new ModelCard(
        name, version, signature, inputs, outputs, data, seed, createdBy, metrics, golden, sums);
  }

  private static boolean close(float[] found, float[] expected) {
    boolean close = found.length == expected.length;
    for (int i = 0; close && i < expected.length; i++) {
      // Written so that NaN is never close.
      close = Math.abs(found[i] - expected[i]) <= TOLERANCE;
    }
    return close;
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  private static String position(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  private static <T> T present(@Nullable T value, String key) {
    if (value == null) {
      throw new IllegalArgumentException("no \"" + key + "\"");
    }
    return value;
  }
}
