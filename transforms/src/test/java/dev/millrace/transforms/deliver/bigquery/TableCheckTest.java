package dev.millrace.transforms.deliver.bigquery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.JsonFactory;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableSchema;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What BigQuery's REST interface is asked at launch, over HTTP. */
class TableCheckTest {

  private static final BigQueryTable TABLE = BigQueryTable.named("bank-one.fraud.decisions");
  private static final TableSchema COLUMNS = DecisionColumns.of(Purchases.LAYOUT);
  private static final String DATASET = "/bigquery/v2/projects/bank-one/datasets/fraud";
  private static final String TABLES = DATASET + "/tables";
  private static final String GRANTED = "{\"permissions\": [\"bigquery.tables.updateData\"]}";

  private record Reply(int status, String body) {}

  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.start();
    reply("GET " + DATASET, 200, "{}");
    reply("GET " + TABLES + "/decisions", 404, error(404, "Not found: Table decisions"));
    reply("POST " + TABLES + "/decisions:testIamPermissions", 200, GRANTED);
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  @Test
  void table_that_is_there_holds_the_rows_and_may_be_written_to_is_no_reason_to_stop() {
    replyWith(TableDefinition.table(TABLE, COLUMNS, List.of()));
    assertThatCode(() -> check(false)).doesNotThrowAnyException();
    assertThat(requests)
        .containsExactly(
            "GET " + TABLES + "/decisions", "POST " + TABLES + "/decisions:testIamPermissions");
  }

  @Test
  void table_that_is_missing_is_told_with_the_statement_that_creates_it() {
    assertThatThrownBy(() -> check(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "BigQuery table 'bank-one.fraud.decisions': found none, expected it to exist: set create: true, or"
                + " bq query --use_legacy_sql=false 'CREATE TABLE `bank-one.fraud.decisions` (event_id STRING NOT NULL, ")
        .hasMessageEndingWith(") PARTITION BY DATE(event_time) CLUSTER BY channel'");
  }

  @Test
  void table_that_is_missing_is_made_where_that_is_asked_for() {
    reply("POST " + TABLES, 200, json(TableDefinition.table(TABLE, COLUMNS, List.of("channel"))));
    assertThatCode(() -> check(true)).doesNotThrowAnyException();
    assertThat(requests).contains("POST " + TABLES);
  }

  @Test
  void dataset_that_is_missing_is_told_apart_from_a_table() {
    reply("GET " + DATASET, 404, error(404, "Not found: Dataset bank-one:fraud"));
    assertThatThrownBy(() -> check(true))
        .hasMessage(
            "BigQuery table 'bank-one.fraud.decisions': found status 404 (Not found: Dataset bank-one:fraud),"
                + " expected project 'bank-one' to have dataset 'fraud': bq mk --dataset bank-one:fraud");
  }

  @Test
  void columns_that_do_not_fit_are_told_all_together() {
    Table other = TableDefinition.table(TABLE, COLUMNS, List.of());
    other.setSchema(new TableSchema().setFields(COLUMNS.getFields().subList(0, 26)));
    replyWith(other);
    assertThatThrownBy(() -> check(true))
        .hasMessage(
            "BigQuery table 'bank-one.fraud.decisions' does not hold the decisions of this pipeline:"
                + " column 'shop': found none, expected STRUCT<name STRING NOT NULL, opened DATE>;"
                + " column 'lines': found none, expected ARRAY<STRUCT<article STRING NOT NULL, count INT64 NOT NULL>>;"
                + " expected it to be altered, or another table");
  }

  @Test
  void account_without_the_right_is_told_which_role_it_lacks() {
    reply("GET " + TABLES + "/decisions", 403, error(403, "Access Denied: Table decisions"));
    assertThatThrownBy(() -> check(false))
        .hasMessage(
            "BigQuery table 'bank-one.fraud.decisions': found status 403 (Access Denied: Table decisions), expected an account"
                + " with roles/bigquery.dataEditor on dataset 'fraud', in a project that has BigQuery: is it the right project?");
  }

  @Test
  void account_that_may_only_read_is_refused_too() {
    replyWith(TableDefinition.table(TABLE, COLUMNS, List.of()));
    reply("POST " + TABLES + "/decisions:testIamPermissions", 200, "{}");
    assertThatThrownBy(() -> check(false))
        .hasMessageContaining("found an account that may read it and not write to it");
  }

  @Test
  void server_that_is_away_is_told_with_its_address() {
    http.stop(0);
    assertThatThrownBy(() -> check(false))
        .hasMessageContaining("found no answer from " + endpoint())
        .hasMessageContaining("is it reachable");
  }

  @Test
  void server_that_does_not_answer_is_not_waited_for_longer_than_patience() throws IOException {
    assertThat(table(endpoint(), false).patience()).hasSeconds(20);
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      String there = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      TableCheck usual = table(there, false);
      TableCheck hurried =
          new TableCheck(TABLE, usual.access(), false, usual.clusterBy(), Duration.ofSeconds(1));
      assertThatThrownBy(() -> hurried.check(COLUMNS))
          .hasMessageContaining("found no answer from " + there + " in 1 s, expected one");
    }
  }

  private void check(boolean create) {
    table(endpoint(), create).check(COLUMNS);
  }

  private static TableCheck table(String endpoint, boolean create) {
    BigQueryOptions options = PipelineOptionsFactory.create().as(BigQueryOptions.class);
    options.setBigQueryEndpoint(endpoint);
    options.setCredentialFactoryClass(NoopCredentialFactory.class);
    return new TableCheck(
        TABLE, BigQueryAccess.of(options, new BigQueryServicesImpl()), create, List.of("channel"));
  }

  private String endpoint() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/";
  }

  private void replyWith(Table table) {
    reply("GET " + TABLES + "/decisions", 200, json(table));
  }

  private void reply(String request, int status, String body) {
    replies.put(request, new Reply(status, body));
  }

  private static String json(Table table) {
    JsonFactory json = Transport.getJsonFactory();
    try {
      return json.toString(table);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String error(int status, String message) {
    return "{\"error\": {\"code\": %d, \"message\": \"%s\"}}".formatted(status, message);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] unused = exchange.getRequestBody().readAllBytes();
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    requests.add(request);
    Reply reply = replies.getOrDefault(request, new Reply(400, error(400, "unplanned " + request)));
    byte[] body = reply.body().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
