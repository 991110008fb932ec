package dev.millrace.transforms.deliver.bigquery;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.services.bigquery.Bigquery;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import java.io.Serializable;
import org.apache.beam.sdk.extensions.gcp.auth.CredentialFactory;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * How BigQuery is reached, by the options of the pipeline: {@code --bigQueryEndpoint}, {@code
 * --bigQueryProject}, and who asks, which is the machine's own account unless {@code
 * --credentialFactoryClass} or {@code --impersonateServiceAccount} say otherwise. No secret is held
 * here.
 */
final class BigQueryAccess implements Serializable {

  private static final String GOOGLE = "https://bigquery.googleapis.com/";

  private final @Nullable String endpoint;
  private final @Nullable String project;
  private final Class<? extends CredentialFactory> credentials;
  private final @Nullable String impersonated;
  private final BigQueryServices services;

  private BigQueryAccess(
      @Nullable String endpoint,
      @Nullable String project,
      Class<? extends CredentialFactory> credentials,
      @Nullable String impersonated,
      BigQueryServices services) {
    this.endpoint = endpoint;
    this.project = project;
    this.credentials = credentials;
    this.impersonated = impersonated;
    this.services = services;
  }

  /** As the options of a pipeline have it; rows go by {@code services}. */
  static BigQueryAccess of(PipelineOptions given, BigQueryServices services) {
    BigQueryOptions options = given.as(BigQueryOptions.class);
    String project = options.getBigQueryProject();
    return new BigQueryAccess(
        options.getBigQueryEndpoint(),
        project == null ? options.getProject() : project,
        options.getCredentialFactoryClass(),
        options.getImpersonateServiceAccount(),
        services);
  }

  /**
   * The whole name of a table.
   *
   * @throws IllegalArgumentException when neither it nor an option says its project
   */
  BigQueryTable resolve(BigQueryTable table) {
    if (table.project().isEmpty() && project == null) {
      throw new IllegalArgumentException(
          "found table '%s' without a project, expected project.dataset.table, or --bigQueryProject"
              .formatted(table));
    }
    return table.in(String.valueOf(project));
  }

  /** Where is asked, for people. */
  String address() {
    return endpoint == null ? GOOGLE : endpoint;
  }

  /** Appends rows; to be closed. */
  BigQueryServices.WriteStreamService streams() {
    return services.getWriteStreamService(options());
  }

  /** Asks about tables; it tries once. */
  Bigquery tables() {
    BigQueryOptions options = options();
    Credentials credential = options.getGcpCredential();
    HttpRequestInitializer login =
        credential == null ? request -> {} : new HttpCredentialsAdapter(credential);
    Bigquery.Builder client =
        new Bigquery.Builder(Transport.getTransport(), Transport.getJsonFactory(), login)
            .setApplicationName("Millrace");
    return endpoint == null ? client.build() : client.setRootUrl(endpoint).build();
  }

  private BigQueryOptions options() {
    BigQueryOptions options = PipelineOptionsFactory.create().as(BigQueryOptions.class);
    options.setBigQueryEndpoint(endpoint);
    options.setCredentialFactoryClass(credentials);
    options.setImpersonateServiceAccount(impersonated);
    return options;
  }
}
