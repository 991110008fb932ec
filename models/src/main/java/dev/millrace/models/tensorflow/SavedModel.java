package dev.millrace.models.tensorflow;

import dev.millrace.models.Model;
import dev.millrace.models.ModelCard;
import dev.millrace.models.ModelException;
import dev.millrace.models.ModelHandler;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.VersionDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * Serves one signature of any SavedModel, each element a map from input name to value and from
 * output name to value.
 *
 * <p>Values going in are boxed scalars or arrays (nested; flat where all sizes are fixed; {@code
 * List}s too) of {@code float}, {@code double}, {@code int}, {@code long}, {@code boolean}, and
 * {@code String} or {@code byte[]} for strings. Values coming out are boxed scalars or nested
 * arrays; strings are {@code String}, or {@code byte[]} when the output's name ends in {@code
 * _bytes}, as in TensorFlow Serving.
 *
 * <p>An input's first dimension is the batch and no part of an element's value. A signature that
 * fixes it is called with exactly so many elements, the last ones repeated to fill up. A signature
 * with a scalar input has no batch dimension and is called once per element. Elements of unequal
 * sizes, where the signature leaves them free, go into calls of their own.
 *
 * <p>Each element is checked before the call: names, types, rank, fixed sizes; TensorFlow checks
 * less. A model with a {@link ModelCard} loads only when its files have the card's checksums and
 * its golden rows their scores.
 *
 * <pre>{@code
 * SavedModel.at("models/half_plus_two").withSignature("regress_x_to_y")
 * }</pre>
 */
public final class SavedModel implements ModelHandler<Map<String, Object>, Map<String, Object>> {

  private static final long serialVersionUID = 1;

  private static final String DEFAULT_SIGNATURE = "serving_default";

  private final String path;
  private final @Nullable String signature;
  private final List<String> outputs;
  private final boolean batched;
  private final ConfigProto config;

  private SavedModel(
      String path,
      @Nullable String signature,
      List<String> outputs,
      boolean batched,
      ConfigProto config) {
    this.path = path;
    this.signature = signature;
    this.outputs = outputs;
    this.batched = batched;
    this.config = config;
  }

  /**
   * Serves the model at {@code path}: the newest version in a model's folder, a version's folder or
   * a bare SavedModel.
   */
  public static SavedModel at(Path path) {
    return at(path.toString());
  }

  /** As {@link #at(Path)}; the path is looked up where the model is loaded. */
  public static SavedModel at(String path) {
    return new SavedModel(path, null, List.of(), true, oneThread());
  }

  /**
   * Calls this signature. By default that of the model's card, else {@code serving_default}, else
   * the only one there is.
   */
  public SavedModel withSignature(String name) {
    return new SavedModel(path, name, outputs, batched, config);
  }

  /** Gives only these outputs, in this order. By default all: in the card's order, else by name. */
  public SavedModel withOutputs(String... names) {
    return new SavedModel(path, signature, List.of(names), batched, config);
  }

  /**
   * Takes every dimension as part of an element's value and calls the signature once per element.
   * By default the first dimension of the inputs is the batch.
   */
  public SavedModel withoutBatchDimension() {
    return new SavedModel(path, signature, outputs, false, config);
  }

  /**
   * Starts the session with TensorFlow's own configuration. By default a call runs on the caller's
   * thread alone and the graph is not rewritten: fastest for small models served by many threads.
   * TensorFlow sizes its shared thread pools by the first session of a process.
   */
  public SavedModel withConfig(ConfigProto sessionConfig) {
    return new SavedModel(path, signature, outputs, batched, sessionConfig);
  }

  /** The same model for callers that have one row of floats per element. */
  public DenseSavedModel dense() {
    return new DenseSavedModel(this);
  }

  /** What will be called, read from the model's file without starting TensorFlow. */
  public Signature signature() {
    Path folder = folder();
    return signature(folder, Signatures.read(folder));
  }

  /** The model's card; empty for a foreign model. */
  public Optional<ModelCard> card() {
    return ModelCard.read(folder());
  }

  @Override
  public String key() {
    return "map of " + identity();
  }

  @Override
  public Model<Map<String, Object>, Map<String, Object>> load() {
    ServedGraph graph = open();
    try {
      return new NamedTensors(graph, call(graph.signature()));
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  String identity() {
    Path folder = folder();
    return ModelVersion.at(folder).checksum()
        + " at "
        + folder
        + " "
        + signature
        + outputs
        + batched
        + config.hashCode();
  }

  Call call(Signature called) {
    return batched ? Call.of(called) : Call.unbatched(called);
  }

  /** Loads the graph, and closes it again when it is not the one of the card. */
  ServedGraph open() {
    Path folder = folder();
    Optional<ModelCard> card = ModelCard.read(folder);
    card.ifPresent(c -> c.verifyFiles(folder));
    List<Signature> offered = Signatures.read(folder);
    ModelVersion version = ModelVersion.at(folder);
    ServedGraph graph = ServedGraph.load(folder, version, signature(folder, offered), config);
    try {
      card.filter(c -> !c.golden().isEmpty())
          .ifPresent(c -> verifyGolden(folder, c, offered, graph));
      return graph;
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private static void verifyGolden(
      Path folder, ModelCard card, List<Signature> offered, ServedGraph graph) {
    Signature golden = named(folder, offered, card.signature()).giving(folder, card.outputs());
    DenseRows rows = new DenseRows(graph.calling(golden), Call.of(golden), card.inputs().size());
    card.verifyGolden(folder, rows::predict);
  }

  private Path folder() {
    return VersionDirectory.resolve(Path.of(path));
  }

  private Signature signature(Path folder, List<Signature> offered) {
    Optional<ModelCard> card = ModelCard.read(folder);
    Signature called = named(folder, offered, name(offered, card));
    if (!outputs.isEmpty()) {
      return called.giving(folder, outputs);
    }
    return card.filter(c -> c.signature().equals(called.name()))
        .map(c -> called.giving(folder, c.outputs()))
        .orElse(called);
  }

  private String name(List<Signature> offered, Optional<ModelCard> card) {
    if (signature != null) {
      return signature;
    }
    String only = offered.size() == 1 ? offered.get(0).name() : DEFAULT_SIGNATURE;
    return card.map(ModelCard::signature).orElse(only);
  }

  private static Signature named(Path folder, List<Signature> offered, String name) {
    return offered.stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ModelException.at(
                    folder,
                    "no signature \"" + name + "\"",
                    "one of " + offered.stream().map(Signature::name).toList()));
  }

  private static ConfigProto oneThread() {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(1)
        // -1 runs the graph on the caller's thread; 1 would hand it to another one.
        .setInterOpParallelismThreads(-1)
        .setGraphOptions(
            GraphOptions.newBuilder()
                .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
        .build();
  }
}
