package dev.millrace.pipelines.s3;

import java.util.List;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;

/** Beam's options for S3, which it does not register itself, and the one that it has not. */
public interface S3AccessOptions extends S3Options {

  @Description(
      "Whether a request names its bucket in the path and not in the host, by default where --endpoint is given.")
  @Default.InstanceFactory(WithAnEndpoint.class)
  boolean getS3PathStyle();

  void setS3PathStyle(boolean value);

  /** Most stores that are not Amazon's have no host for each bucket. */
  final class WithAnEndpoint implements DefaultValueFactory<Boolean> {
    @Override
    public Boolean create(PipelineOptions options) {
      return options.as(S3Options.class).getEndpoint() != null;
    }
  }

  /** Makes them known to Beam's command line. */
  final class Registrar implements PipelineOptionsRegistrar {
    @Override
    public Iterable<Class<? extends PipelineOptions>> getPipelineOptions() {
      return List.of(S3AccessOptions.class);
    }
  }
}
