package dev.millrace.pipelines.generate;

import dev.millrace.pipelines.simulation.CardContracts;
import dev.millrace.pipelines.simulation.Deliveries;
import dev.millrace.pipelines.simulation.KafkaFeed;
import dev.millrace.pipelines.simulation.PaymentEncoding;
import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.transport.SafeSettings;
import dev.millrace.transforms.transport.SecretSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Sends payments to the topic that a pipeline decides upon and, when it has a stream of labels, the
 * fraud reports to the topic of that. Where the payloads are framed the contracts are registered
 * first, under the subject {@code TOPIC-value}.
 */
public final class TopicGeneration {

  private final PipelineSpec spec;
  private final SourceSpec.Kafka payments;
  private final FormatSpec.Avro format;
  private final Optional<Labels> labels;

  private record Labels(SourceSpec.Kafka topic, FormatSpec.Avro format) {}

  private TopicGeneration(
      PipelineSpec spec,
      SourceSpec.Kafka payments,
      FormatSpec.Avro format,
      Optional<Labels> labels) {
    this.spec = spec;
    this.payments = payments;
    this.format = format;
    this.labels = labels;
  }

  /**
   * Into the topics of this pipeline.
   *
   * @throws SpecException when it does not read Avro from Kafka, or its labels come from another
   *     broker or in other frames
   */
  public static TopicGeneration of(PipelineSpec spec) {
    SourceSpec.Kafka payments =
        spec.events()
            .from()
            .asKafka()
            .orElseThrow(
                () ->
                    new SpecException(
                        spec.place("events.from"), "found files, expected a Kafka topic"));
    FormatSpec.Avro format = avro(spec, "events", spec.events().format());
    return new TopicGeneration(spec, payments, format, labels(spec, payments, format));
  }

  private static Optional<Labels> labels(
      PipelineSpec spec, SourceSpec.Kafka payments, FormatSpec.Avro format) {
    if (!(spec.labels() instanceof LabelsSpec.Stream stream) || stream.from().asKafka().isEmpty()) {
      return Optional.empty();
    }
    SourceSpec.Kafka topic = stream.from().asKafka().get();
    FormatSpec.Avro labelFormat = avro(spec, "labels", stream.format());
    if (!topic.bootstrapServers().equals(payments.bootstrapServers())) {
      throw new SpecException(
          spec.place("labels.from"),
          "found broker %s, expected that of the events, %s"
              .formatted(topic.bootstrapServers(), payments.bootstrapServers()));
    }
    if (labelFormat.framing() != format.framing()) {
      throw new SpecException(
          spec.place("labels.format"),
          "found framing %s, expected that of the events, %s"
              .formatted(labelFormat.framing(), format.framing()));
    }
    return Optional.of(new Labels(topic, labelFormat));
  }

  private static FormatSpec.Avro avro(PipelineSpec spec, String path, FormatSpec format) {
    if (!(format instanceof FormatSpec.Avro avro)) {
      throw new SpecException(
          spec.place(path + ".format"),
          "found a format other than avro, expected avro for a topic");
    }
    if (avro.framing() != FormatSpec.Framing.CONFLUENT
        && avro.framing() != FormatSpec.Framing.NONE) {
      throw new SpecException(
          spec.place(path + ".format"),
          "found framing %s, expected CONFLUENT or NONE for payments that are generated"
              .formatted(avro.framing()));
    }
    return avro;
  }

  /** Whether payloads carry the id of their schema, so that it can be an unknown one. */
  public boolean framed() {
    return format.framing() == FormatSpec.Framing.CONFLUENT;
  }

  /** The topics that are sent to. */
  public String topics() {
    return payments.topic()
        + labels.map(l -> " and " + l.topic().topic()).orElse("")
        + " at "
        + payments.bootstrapServers();
  }

  /**
   * Sends everything and returns how much it was.
   *
   * @param rate payment records a second, 0 for as fast as possible
   * @throws IOException naming what could not be reached or is missing
   */
  public KafkaFeed.Progress send(
      Deliveries deliveries, double rate, Consumer<KafkaFeed.Progress> progress)
      throws IOException {
    KafkaFeed feed =
        KafkaFeed.to(payments.bootstrapServers(), payments.topic(), encoding())
            .withRate(rate)
            .withProgress(Duration.ofSeconds(2), progress)
            .withOverrides(producerSettings());
    return labels.map(l -> feed.withReports(l.topic().topic())).orElse(feed).send(deliveries);
  }

  private PaymentEncoding encoding() throws IOException {
    Schema payment = CardContracts.schema(Path.of(format.contract()));
    // Without a stream of labels no report is ever encoded.
    Schema report = SchemaBuilder.record("NoReport").fields().endRecord();
    if (labels.isPresent()) {
      report = CardContracts.schema(Path.of(labels.get().format().contract()));
    }
    PaymentEncoding encoding = encoding(new CardContracts(payment, report));
    if (!framed()) {
      return encoding;
    }
    int reportId = 0;
    int paymentId = id("events", format, payments.topic(), payment);
    if (labels.isPresent()) {
      reportId = id("labels", labels.get().format(), labels.get().topic().topic(), report);
    }
    return encoding.framedWith(paymentId, reportId);
  }

  private PaymentEncoding encoding(CardContracts contracts) {
    try {
      return PaymentEncoding.of(contracts);
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place("events.format"), String.valueOf(e.getMessage()));
    }
  }

  private int id(String path, FormatSpec.Avro format, String topic, Schema schema)
      throws IOException {
    try {
      return SchemaIds.of(Objects.requireNonNull(format.registry())).id(topic + "-value", schema);
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path + ".format"), String.valueOf(e.getMessage()));
    } catch (SchemaSourceUnavailableException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The stream's own settings as far as they are a producer's too: how it logs in. */
  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = new LinkedHashMap<>(SafeSettings.of(payments.settings()));
    settings.keySet().retainAll(ProducerConfig.configNames());
    return SecretSettings.resolve(settings);
  }
}
