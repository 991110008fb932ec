package dev.millrace.it.dataflow;

import com.google.api.services.dataflow.model.DataflowPackage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.runners.dataflow.util.PackageUtil;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.options.PipelineOptions;

/** Keeps what would be put into Cloud Storage; Beam makes it by {@link #fromOptions}. */
public final class RecordingStager implements Stager {

  private static final Map<String, byte[]> STAGED = new ConcurrentHashMap<>();

  private RecordingStager() {}

  public static RecordingStager fromOptions(PipelineOptions options) {
    return new RecordingStager();
  }

  /** What was staged last under a name. */
  static byte[] staged(String name) {
    return Objects.requireNonNull(STAGED.get(name), name);
  }

  @Override
  public List<DataflowPackage> stageFiles(List<PackageUtil.StagedFile> files) {
    return List.of();
  }

  @Override
  public DataflowPackage stageToFile(byte[] bytes, String name) {
    STAGED.put(name, bytes);
    return new DataflowPackage().setName(name).setLocation("gs://test-bucket/staging/" + name);
  }
}
