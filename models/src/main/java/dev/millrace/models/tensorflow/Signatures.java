package dev.millrace.models.tensorflow;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.millrace.models.ModelException;
import dev.millrace.models.VersionDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Reads what a SavedModel offers, from its file alone: TensorFlow itself is not started.
 *
 * <pre>{@code
 * Signatures.read(Path.of("models/card-fraud")).forEach(System.out::println);
 * }</pre>
 */
public final class Signatures {

  /** TensorFlow 2 lists the graph's initialisation among the signatures; nobody can call it. */
  private static final String INITIALISATION = "__saved_model_init_op";

  private static final String SERVING_TAG = "serve";

  private Signatures() {}

  /**
   * The signatures of the model at {@code path}, by name.
   *
   * @param path a model's folder (its newest version is read), a version or a bare SavedModel
   * @throws ModelException when there is no readable SavedModel
   */
  public static List<Signature> read(Path path) {
    Path folder = VersionDirectory.resolve(path);
    return of(servingGraph(folder));
  }

  /** The part of the SavedModel that is meant for serving. */
  static MetaGraphDef servingGraph(Path folder) {
    Path file = folder.resolve("saved_model.pb");
    List<MetaGraphDef> graphs;
    try {
      graphs =
          org.tensorflow.proto.SavedModel.parseFrom(Files.readAllBytes(file)).getMetaGraphsList();
    } catch (NoSuchFileException e) {
      throw ModelException.at(file, "no such file", "a SavedModel");
    } catch (InvalidProtocolBufferException e) {
      throw ModelException.at(file, "damaged content (" + e.getMessage() + ")", "a SavedModel");
    } catch (IOException e) {
      throw new ModelException(file + ": the model cannot be read: " + e, e);
    }
    if (graphs.size() == 1) {
      return graphs.get(0);
    }
    return graphs.stream()
        .filter(graph -> graph.getMetaInfoDef().getTagsList().equals(List.of(SERVING_TAG)))
        .findFirst()
        .orElseThrow(
            () ->
                ModelException.at(
                    file,
                    "graphs tagged "
                        + graphs.stream().map(g -> g.getMetaInfoDef().getTagsList()).toList(),
                    "one tagged " + SERVING_TAG));
  }

  static List<Signature> of(MetaGraphDef graph) {
    List<Signature> signatures = new ArrayList<>();
    graph
        .getSignatureDefMap()
        .forEach(
            (name, signature) -> {
              if (!name.equals(INITIALISATION)) {
                signatures.add(signature(name, signature));
              }
            });
    signatures.sort(Comparator.comparing(Signature::name));
    return signatures;
  }

  private static Signature signature(String name, SignatureDef signature) {
    return new Signature(
        name, tensors(signature.getInputsMap()), tensors(signature.getOutputsMap()));
  }

  private static List<TensorSpec> tensors(Map<String, TensorInfo> tensors) {
    return tensors.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            tensor ->
                new TensorSpec(
                    tensor.getKey(),
                    dtype(tensor.getValue().getDtype()),
                    shape(tensor.getValue().getTensorShape()),
                    tensor.getValue().getName()))
        .toList();
  }

  /**
   * From the protocol buffer, because TensorFlow's Java signature shows an unknown rank as a
   * scalar.
   */
  private static Optional<List<Long>> shape(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? Optional.empty()
        : Optional.of(shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
  }

  private static String dtype(DataType type) {
    return switch (type) {
      case DT_FLOAT -> "float32";
      case DT_DOUBLE -> "float64";
      default -> type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT);
    };
  }
}
