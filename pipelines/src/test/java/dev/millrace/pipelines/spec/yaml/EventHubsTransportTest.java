package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.EventHubs;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventHubsTransportTest {

  private static final String KAFKA =
      """
          kafka:
            bootstrapServers: broker:9092
            topic: payments
      """;

  @TempDir Path folder;

  @Test
  void a_hub_is_named_by_its_namespace_and_a_connection_string() {
    PipelineSpec spec =
        from("namespace: my-bank, hub: payments, connectionString: secret:env:HUBS")
            .with("kafka: { topic: decisions }", "kafka: { bootstrapServers: b:1, topic: d }")
            .read();
    EventHubs namespace =
        new EventHubs("my-bank", new EventHubs.ConnectionString("secret:env:HUBS"));
    assertThat(spec.events().from())
        .isEqualTo(new SourceSpec.EventHub(namespace, "payments", null, Map.of()));
    assertThat(namespace.endpoint()).isEqualTo("my-bank.servicebus.windows.net:9093");
  }

  @Test
  void a_sink_is_in_the_namespace_of_the_events_unless_it_says_another() {
    SpecText text = from("namespace: my-bank, hub: payments, connectionString: secret:env:HUBS");
    EventHubs ofEvents =
        new EventHubs("my-bank", new EventHubs.ConnectionString("secret:env:HUBS"));
    assertThat(
            text.with("kafka: { topic: decisions }", "eventHubs: { hub: decisions }")
                .read()
                .to()
                .get(0)
                .sink())
        .isEqualTo(new SinkSpec.EventHub(ofEvents, "decisions", Map.of(), 1_000_000));
    String another =
        "eventHubs: { hub: decisions, namespace: other.servicebus.chinacloudapi.cn, oauth: {"
            + " tenant: t-1, client: c-1, secret: secret:file:/run/s }, maxRecordBytes: 9 }";
    assertThat(text.with("eventHubs: { hub: decisions }", another).read().to().get(0).sink())
        .isEqualTo(
            new SinkSpec.EventHub(
                new EventHubs(
                    "other.servicebus.chinacloudapi.cn",
                    new EventHubs.OAuth("t-1", "c-1", "secret:file:/run/s")),
                "decisions",
                Map.of(),
                9));
  }

  @Test
  void a_sink_in_kafka_does_not_go_to_the_hubs_of_the_events() {
    assertThat(
            from("namespace: my-bank, hub: payments, connectionString: secret:env:HUBS").problems())
        .containsExactly("p.yaml:17:7: found no 'bootstrapServers', expected one for to.kafka");
  }

  @Test
  void a_login_is_one_of_two() {
    assertThat(from("namespace: n, hub: h").problems())
        .contains(
            "p.yaml:4:5: found no login, expected 'connectionString' or 'oauth' for"
                + " events.from.eventHubs");
    assertThat(from("namespace: n, hub: h, connectionString: secret:env:C, oauth: {}").problems())
        .contains("p.yaml:4:72: found 'oauth' beside 'connectionString', expected either");
  }

  @Test
  void what_the_login_says_is_not_said_again() {
    assertThat(
            from("namespace: n, hub: h, connectionString: secret:env:C, settings: {"
                    + " security.protocol: SASL_PLAINTEXT }")
                .problems())
        .contains(
            "p.yaml:4:72: found security.protocol, which connectionString or oauth says, expected"
                + " other settings of a Kafka client, or kafka: instead of eventHubs:");
  }

  @Test
  void a_sink_has_the_settings_of_the_events_and_may_have_a_login_of_its_own() {
    SinkSpec to =
        from("namespace: n, hub: h, connectionString: secret:env:C, settings: { ssl.truststore.location:"
                + " /trust, linger.ms: 1 }")
            .with(
                "kafka: { topic: decisions }",
                "eventHubs: { hub: d, connectionString: secret:env:D, settings: { linger.ms: 9 } }")
            .read()
            .to()
            .get(0)
            .sink();
    assertThat(to)
        .isEqualTo(
            new SinkSpec.EventHub(
                new EventHubs("n", new EventHubs.ConnectionString("secret:env:D")),
                "d",
                Map.of("ssl.truststore.location", "/trust", "linger.ms", "9"),
                1_000_000));
  }

  @Test
  void a_connection_string_in_plain_text_is_refused_and_not_repeated() {
    assertThat(
            from("namespace: n, hub: h, connectionString: 'Endpoint=sb://n/;SharedAccessKey=k3y='")
                .problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("found a secret in plain text")
                    .contains("events.from.eventHubs.connectionString")
                    .doesNotContain("k3y"));
  }

  @Test
  void what_could_leave_a_login_or_an_address_is_refused() {
    assertThat(from("namespace: 'n/x', hub: h, connectionString: secret:env:C").problems())
        .contains("p.yaml:4:29: found namespace 'n/x', expected its name, its host, or host:port");
    assertThat(
            from("namespace: n, hub: h, oauth: { tenant: 'a/b', client: c, secret: secret:env:C }")
                .problems())
        .anySatisfy(problem -> assertThat(problem).contains("found tenant 'a/b', expected an id"));
  }

  private SpecText from(String eventHub) {
    return SpecText.in(folder).with(KAFKA, "    eventHubs: { " + eventHub + " }\n");
  }
}
