package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.AwsAccess;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SourceSpec.Kinesis.Start;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KinesisTransportTest {

  private static final String KAFKA =
      """
          kafka:
            bootstrapServers: broker:9092
            topic: payments
      """;
  private static final String PLAIN = "stream: payments, region: eu-west-1";
  private static final String KEYS = "accessKey: secret:env:KEY, secretKey: secret:file:/run/s";
  private static final String ROLE = "arn:aws:iam::123456789012:role/millrace";
  private static final String CONSUMER =
      "arn:aws:kinesis:eu-west-1:123456789012:stream/payments/consumer/millrace:1700000000";
  private static final Duration POLL = Duration.ofMillis(200);

  @TempDir Path folder;

  @Test
  void a_stream_is_read_from_its_oldest_record_and_a_sink_is_where_it_is() {
    PipelineSpec spec = from(PLAIN, "stream: decisions").read();
    AwsAccess access = new AwsAccess("eu-west-1", null, null, null);
    assertThat(spec.events().from())
        .isEqualTo(new SourceSpec.Kinesis(access, "payments", Start.EARLIEST, null, POLL));
    assertThat(spec.to().get(0).sink())
        .isEqualTo(new SinkSpec.Kinesis(access, "decisions", 1_000_000));
    assertThat(spec.servers()).isEmpty();
  }

  @Test
  void all_can_be_said() {
    PipelineSpec spec =
        from(
                PLAIN
                    + ", endpoint: 'http://127.0.0.1:4568', "
                    + KEYS
                    + ", assumeRole: "
                    + ROLE
                    + ", from: now, poll: 1s",
                "stream: decisions, maxRecordBytes: 1048576")
            .read();
    AwsAccess access =
        new AwsAccess(
            "eu-west-1",
            "http://127.0.0.1:4568",
            new AwsAccess.Keys("secret:env:KEY", "secret:file:/run/s"),
            ROLE);
    assertThat(spec.events().from())
        .isEqualTo(
            new SourceSpec.Kinesis(access, "payments", Start.NOW, null, Duration.ofSeconds(1)));
    assertThat(spec.to().get(0).sink())
        .isEqualTo(new SinkSpec.Kinesis(access, "decisions", 1_048_576));
    assertThat(spec.servers()).containsExactly("http://127.0.0.1:4568");
  }

  @Test
  void a_consumer_is_named_by_its_arn_and_is_of_the_stream() {
    assertThat(from(PLAIN + ", consumer: '" + CONSUMER + "'", "stream: d").read().events().from())
        .isInstanceOfSatisfying(
            SourceSpec.Kinesis.class, it -> assertThat(it.consumer()).isEqualTo(CONSUMER));
    assertThat(
            from("stream: other, region: eu-west-1, consumer: '" + CONSUMER + "'", "stream: d")
                .problems())
        .singleElement()
        .asString()
        .contains("p.yaml:4:60: found consumer 'arn:aws:kinesis")
        .contains("expected arn:aws:kinesis:REGION:ACCOUNT:stream/other/consumer/NAME:TIME");
    assertThat(from(PLAIN + ", poll: 1s, consumer: '" + CONSUMER + "'", "stream: d").problems())
        .singleElement()
        .asString()
        .contains("found 'poll' beside 'consumer'");
  }

  @Test
  void a_sink_elsewhere_keeps_the_login_and_not_the_endpoint() {
    String events = PLAIN + ", endpoint: 'http://localhost:1', " + KEYS + ", assumeRole: " + ROLE;
    assertThat(from(events, "stream: d, region: us-east-1").read().to().get(0).sink())
        .isEqualTo(
            new SinkSpec.Kinesis(
                new AwsAccess(
                    "us-east-1",
                    null,
                    new AwsAccess.Keys("secret:env:KEY", "secret:file:/run/s"),
                    ROLE),
                "d",
                1_000_000));
    assertThat(
            from(events, "stream: d, accessKey: secret:env:A, secretKey: secret:env:B")
                .read()
                .to()
                .get(0)
                .sink())
        .isEqualTo(
            new SinkSpec.Kinesis(
                new AwsAccess(
                    "eu-west-1",
                    "http://localhost:1",
                    new AwsAccess.Keys("secret:env:A", "secret:env:B"),
                    null),
                "d",
                1_000_000));
    assertThat(from(events, "stream: d, assumeRole: " + ROLE).read().to().get(0).sink())
        .isEqualTo(
            new SinkSpec.Kinesis(
                new AwsAccess("eu-west-1", "http://localhost:1", null, ROLE), "d", 1_000_000));
  }

  @Test
  void a_sink_of_events_in_kafka_names_its_region() {
    assertThat(
            SpecText.in(folder)
                .with("kafka: { topic: decisions }", "kinesis: { stream: decisions }")
                .problems())
        .containsExactly("p.yaml:19:7: found no 'region', expected one for to.kinesis");
  }

  @Test
  void a_key_in_plain_text_is_refused_and_not_repeated() {
    assertThat(from(PLAIN + ", accessKey: AKIA, secretKey: hunter2", "stream: d").problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("found a secret in plain text")
                    .contains("events.from.kinesis.accessKey")
                    .doesNotContain("AKIA")
                    .doesNotContain("hunter2"));
    assertThat(from(PLAIN + ", accessKey: secret:env:A", "stream: d").problems())
        .containsExactly("p.yaml:4:5: found no 'secretKey', expected one for events.from.kinesis");
  }

  @Test
  void what_cannot_be_is_refused_at_its_place() {
    assertThat(from("stream: 'a b', region: eu-west-1", "stream: d").problems())
        .singleElement()
        .asString()
        .startsWith("p.yaml:4:24: found stream 'a b', expected a name of at most 128 letters");
    assertThat(from("stream: a, region: Ireland", "stream: d").problems())
        .singleElement()
        .asString()
        .startsWith("p.yaml:4:35: found region 'Ireland', expected one as eu-west-1");
    assertThat(from(PLAIN + ", endpoint: 'localhost:4568'", "stream: d").problems())
        .singleElement()
        .asString()
        .contains("found endpoint 'localhost:4568', expected https://HOST");
    assertThat(from(PLAIN + ", assumeRole: millrace", "stream: d").problems())
        .singleElement()
        .asString()
        .contains("found role 'millrace', expected arn:aws:iam::ACCOUNT:role/NAME");
    assertThat(from(PLAIN, "stream: d, maxRecordBytes: 1048577").problems())
        .singleElement()
        .asString()
        .contains("expected a whole number from 1 to 1048576");
    assertThat(from(PLAIN + ", from: latest", "stream: d").problems())
        .singleElement()
        .asString()
        .contains("found 'latest', expected one of earliest, now");
  }

  private SpecText from(String source, String sink) {
    return SpecText.in(folder)
        .with(KAFKA, "    kinesis: { " + source + " }\n")
        .with("kafka: { topic: decisions }", "kinesis: { " + sink + " }");
  }
}
