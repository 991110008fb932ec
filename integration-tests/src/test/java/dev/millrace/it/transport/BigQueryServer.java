package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.it.registry.Certificates;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.jspecify.annotations.Nullable;

/**
 * What a sink needs of BigQuery, on one port of this machine, as Beam's {@code --bigQueryEndpoint}
 * has it: tables by REST over HTTP, and rows by the Storage Write API, which is gRPC over TLS. It
 * keeps what it was given while it is stopped.
 */
final class BigQueryServer implements AutoCloseable {

  /** A row as it came, column by column. */
  record Row(Map<String, String> columns) {
    String id() {
      return columns.getOrDefault("event_id", "");
    }
  }

  private static final int INVALID_ARGUMENT = 3;
  private static final String TRUST = "javax.net.ssl.trustStore";

  private final Map<String, String> tables = new ConcurrentHashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final HttpServer rest;
  private final Server grpc;
  private final OnePort front;
  private volatile Predicate<Row> refused = row -> false;

  private BigQueryServer(Certificates certificates) throws IOException, GeneralSecurityException {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    rest = HttpServer.create(anywhere, 0);
    rest.createContext("/", this::answer);
    rest.start();
    grpc =
        NettyServerBuilder.forAddress(anywhere)
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forServer(keys(certificates))).build())
            .addService(new Rows())
            .build()
            .start();
    front = new OnePort(rest.getAddress().getPort(), grpc.getPort());
    // Clients in this process trust it from now on.
    System.setProperty(TRUST, certificates.trustIn("server").toString());
    System.setProperty(TRUST + "Type", "PKCS12");
    System.setProperty(TRUST + "Password", Certificates.PASSWORD);
  }

  static BigQueryServer start(Path folder) throws IOException, GeneralSecurityException {
    return new BigQueryServer(Certificates.in(Files.createDirectories(folder)));
  }

  /** What a pipeline needs to reach it. */
  List<String> options() {
    return List.of(
        "--bigQueryEndpoint=http://127.0.0.1:" + front.port(),
        "--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
  }

  /** Rows that it does not take from now on. */
  void refuse(Predicate<Row> refused) {
    this.refused = refused;
  }

  /** Makes other tables of those that there are. */
  void alter(UnaryOperator<String> alteration) {
    tables.replaceAll((path, table) -> alteration.apply(table));
  }

  /** All rows so far, each as often as it came. */
  List<Row> rows() {
    synchronized (rows) {
      return List.copyOf(rows);
    }
  }

  /** Nobody reaches it, and who was connected no longer is. */
  void goAway() throws IOException {
    front.close();
  }

  /** It is there again, at the same port. */
  void comeBack() throws IOException {
    front.open();
  }

  @Override
  public void close() throws IOException {
    front.close();
    rest.stop(0);
    try {
      boolean unused = grpc.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (String property : List.of(TRUST, TRUST + "Type", TRUST + "Password")) {
      System.clearProperty(property);
    }
  }

  private static KeyManagerFactory keys(Certificates certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificates.keyOf("server"))) {
      store.load(in, Certificates.PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, Certificates.PASSWORD.toCharArray());
    return keys;
  }

  /** Datasets are all there; tables are what was made of them. */
  private void answer(HttpExchange exchange) throws IOException {
    String body = body(exchange);
    String path = exchange.getRequestURI().getPath();
    int status = 200;
    String answer = "{}";
    if (path.endsWith(":testIamPermissions")) {
      answer = "{\"permissions\": [\"bigquery.tables.updateData\"]}";
    } else if (path.endsWith("/tables")) {
      answer = body;
      tables.put(path + "/decisions", body);
    } else if (path.contains("/tables/")) {
      answer = tables.get(path);
      if (answer == null) {
        status = 404;
        answer = "{\"error\": {\"code\": 404, \"message\": \"Not found\"}}";
      }
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, answer.getBytes(UTF_8).length);
    exchange.getResponseBody().write(answer.getBytes(UTF_8));
    exchange.close();
  }

  private static String body(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return new String((zipped ? new GZIPInputStream(in) : in).readAllBytes(), UTF_8);
  }

  /** Takes all rows of a request or, where one is refused, none, as BigQuery does. */
  private final class Rows extends BigQueryWriteGrpc.BigQueryWriteImplBase {
    @Override
    public StreamObserver<AppendRowsRequest> appendRows(
        StreamObserver<AppendRowsResponse> responses) {
      return new StreamObserver<>() {
        private @Nullable Descriptor descriptor;

        @Override
        public void onNext(AppendRowsRequest request) {
          AppendRowsRequest.ProtoData data = request.getProtoRows();
          try {
            if (data.hasWriterSchema()) {
              descriptor =
                  TableRowToStorageApiProto.wrapDescriptorProto(
                      data.getWriterSchema().getProtoDescriptor());
            }
            List<Row> all = new ArrayList<>();
            for (ByteString row : data.getRows().getSerializedRowsList()) {
              all.add(row(DynamicMessage.parseFrom(Objects.requireNonNull(descriptor), row)));
            }
            responses.onNext(append(all));
          } catch (Exception e) {
            responses.onError(io.grpc.Status.INTERNAL.withCause(e).asException());
          }
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }
  }

  private AppendRowsResponse append(List<Row> all) {
    AppendRowsResponse.Builder response = AppendRowsResponse.newBuilder();
    for (int i = 0; i < all.size(); i++) {
      if (refused.test(all.get(i))) {
        response.addRowErrors(
            RowError.newBuilder()
                .setIndex(i)
                .setCode(RowError.RowErrorCode.FIELDS_ERROR)
                .setMessage("refused for its id"));
      }
    }
    if (response.getRowErrorsCount() > 0) {
      return response
          .setError(
              com.google.rpc.Status.newBuilder()
                  .setCode(INVALID_ARGUMENT)
                  .setMessage("found rows with errors"))
          .build();
    }
    synchronized (rows) {
      rows.addAll(all);
    }
    return response.setAppendResult(AppendRowsResponse.AppendResult.getDefaultInstance()).build();
  }

  private static Row row(DynamicMessage message) {
    Map<String, String> columns = new ConcurrentHashMap<>();
    message
        .getAllFields()
        .forEach((field, value) -> columns.put(field.getName(), value.toString()));
    return new Row(columns);
  }
}
