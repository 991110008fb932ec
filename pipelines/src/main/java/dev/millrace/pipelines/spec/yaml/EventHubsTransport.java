package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.EventHubs;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code eventHubs: { namespace, hub, connectionString or oauth, ... }}. */
final class EventHubsTransport implements Transport {

  /** What a sink leans on whose events are wrong. */
  private static final SourceSpec.EventHub UNKNOWN =
      new SourceSpec.EventHub(
          new EventHubs("unknown", new EventHubs.ConnectionString("secret:env:UNKNOWN")),
          "",
          null,
          Map.of());

  @Override
  public SourceSpec source(Value value) {
    Section section =
        value.section("namespace", "hub", "consumerGroup", "connectionString", "oauth", "settings");
    EventHubs namespace =
        namespace(section.required("namespace"), login(section).orElseThrow(() -> noLogin(value)));
    String hub = section.required("hub").text();
    String group = section.optional("consumerGroup").map(Value::text).orElse(null);
    Map<String, String> settings = KafkaTransport.settings(section);
    return settingsOr(section, value)
        .checked(() -> new SourceSpec.EventHub(namespace, hub, group, settings));
  }

  /**
   * A sink in the events' namespace has their login and their settings as well, unless it says
   * others; in another namespace, only what it says.
   */
  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section section =
        value.section(
            "hub", "namespace", "connectionString", "oauth", "settings", "maxRecordBytes");
    Optional<Value> own = section.optional("namespace");
    SourceSpec from = events.orElse(UNKNOWN);
    Optional<SourceSpec.EventHub> there =
        own.isEmpty() && from instanceof SourceSpec.EventHub hub
            ? Optional.of(hub)
            : Optional.empty();
    Optional<EventHubs.Login> login = login(section);
    EventHubs namespace =
        there.isPresent()
            ? new EventHubs(
                there.get().namespace().namespace(), login.orElse(there.get().namespace().login()))
            : namespace(section.required("namespace"), login.orElseThrow(() -> noLogin(value)));
    Map<String, String> settings =
        new LinkedHashMap<>(there.map(SourceSpec.EventHub::settings).orElse(Map.of()));
    settings.putAll(KafkaTransport.settings(section));
    String name = section.required("hub").text();
    int maxRecordBytes = KafkaTransport.maxRecordBytes(section, Integer.MAX_VALUE);
    return settingsOr(section, value)
        .checked(() -> new SinkSpec.EventHub(namespace, name, settings, maxRecordBytes));
  }

  private static Value settingsOr(Section section, Value value) {
    return section.optional("settings").orElse(value);
  }

  private static EventHubs namespace(Value value, EventHubs.Login login) {
    String name = value.text();
    return value.checked(() -> new EventHubs(name, login));
  }

  private static Optional<EventHubs.Login> login(Section section) {
    Optional<Value> connectionString = section.optional("connectionString");
    Optional<Value> oauth = section.optional("oauth");
    if (connectionString.isPresent() && oauth.isPresent()) {
      throw oauth.get().problem("found 'oauth' beside 'connectionString', expected either");
    }
    return connectionString
        .<EventHubs.Login>map(EventHubsTransport::connectionString)
        .or(() -> oauth.map(EventHubsTransport::oauth));
  }

  private static EventHubs.Login connectionString(Value value) {
    String secret = value.secret();
    return value.checked(() -> new EventHubs.ConnectionString(secret));
  }

  private static EventHubs.Login oauth(Value value) {
    Section oauth = value.section("tenant", "client", "secret");
    String tenant = oauth.required("tenant").text();
    String client = oauth.required("client").text();
    String secret = oauth.required("secret").secret();
    return value.checked(() -> new EventHubs.OAuth(tenant, client, secret));
  }

  private static SpecException noLogin(Value value) {
    return value.problem(
        "found no login, expected 'connectionString' or 'oauth'" + value.forPath());
  }
}
