package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.deadletter.WriteDeadLetters;
import dev.millrace.transforms.deliver.DecisionFile;
import dev.millrace.transforms.deliver.DecisionFiles;
import dev.millrace.transforms.deliver.DecisionSchema;
import dev.millrace.transforms.deliver.Deliver;
import dev.millrace.transforms.deliver.bigquery.BigQueryTable;
import dev.millrace.transforms.deliver.bigquery.WriteBigQuery;
import dev.millrace.transforms.deliver.http.PostDecisions;
import dev.millrace.transforms.deliver.redis.StoreLastValues;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.transport.Destination;
import dev.millrace.transforms.transport.KafkaTopic;
import dev.millrace.transforms.transport.PubsubAccess;
import dev.millrace.transforms.transport.PubsubTopic;
import dev.millrace.transforms.transport.files.FolderProbe;
import dev.millrace.transforms.transport.files.WindowedFiles;
import dev.millrace.transforms.transport.files.WrittenFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Where a pipeline's decisions and dead letters go. With a registry their schemas are registered at
 * launch, under the subject {@code TOPIC-value}, and every value is framed by its id; without one
 * every value is an Avro single object.
 */
final class Sinks {

  /** A file says its schema once. */
  private static final byte[] NO_FRAME = {};

  private final PipelinePlan plan;
  private final PipelineSpec spec;
  private final PipelineOptions options;

  Sinks(PipelinePlan plan, PipelineOptions options) {
    this.plan = plan;
    this.options = options;
    this.spec = plan.spec();
  }

  /** The sink of that index in the specification, for decisions of a layout. */
  DecisionSink decisions(int index, EventLayout decided) {
    SinkSpec to = spec.to().get(index).sink();
    String path = spec.pathOfSink(index);
    if (to instanceof SinkSpec.Files files) {
      return new DecisionSink.All(files(path, files, decided));
    }
    if (to instanceof SinkSpec.BigQuery table) {
      return new DecisionSink.Apart(table(table));
    }
    if (to instanceof SinkSpec.Http http) {
      return new DecisionSink.InPassing(http(path, http));
    }
    if (to instanceof SinkSpec.Redis redis) {
      return new DecisionSink.InPassing(redis(path, redis));
    }
    Schema schema = DecisionSchema.of(spec.pipeline(), decided);
    Target target = target(path, to);
    Deliver deliver =
        Deliver.to(target.destination())
            .of(spec.pipeline(), plan.featureVersion())
            .withMaxBytes(target.maxBytes())
            .withFrame(frame(path, target.name(), schema));
    String orderBy = spec.to().get(index).orderBy();
    deliver = orderBy == null ? deliver : deliver.withOrderBy(orderBy);
    return deliver.canBeInPassing()
        ? new DecisionSink.InPassing(deliver.inPassing())
        : new DecisionSink.Apart(deliver);
  }

  /** Of windows, or one: as Avro where its name says so, else as CSV. */
  private PTransform<PCollection<Event>, PDone> files(
      String path, SinkSpec.Files file, EventLayout decided) {
    if (file.windows() != null) {
      return DecisionFiles.to(windowed(path, file.path(), file.windows()))
          .of(spec.pipeline(), plan.featureVersion());
    }
    checkStore(path, file.path());
    if (file.path().endsWith(".avro")) {
      return DecisionFile.to(file.path()).of(spec.pipeline(), plan.featureVersion());
    }
    // A record's fields are columns; that it is there is what one of them says.
    List<String> columns =
        decided.columns().stream()
            .filter(column -> column.type() != ColumnType.RECORD)
            .map(Column::name)
            .toList();
    return CsvRows.to(file.path(), columns);
  }

  private StoreLastValues redis(String path, SinkSpec.Redis redis) {
    try {
      StoreLastValues store = SinkCheck.lastValues(redis);
      store.check();
      return store;
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path + ".redis"), String.valueOf(e.getMessage()));
    }
  }

  private PostDecisions http(String path, SinkSpec.Http http) {
    try {
      PostDecisions post =
          PostDecisions.to(http.url())
              .of(spec.pipeline(), plan.featureVersion())
              .withHeaders(http.headers())
              .withTimeout(http.timeout())
              .withPatience(http.retryFor())
              .withInFlight(http.inFlight())
              .withMaxBytes(http.maxRecordBytes());
      post.check();
      return post;
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path + ".http"), String.valueOf(e.getMessage()));
    }
  }

  WriteDeadLetters deadLetters(SinkSpec to) {
    if (to instanceof SinkSpec.Files files) {
      if (files.windows() == null) {
        checkStore("deadLetters", files.path());
        return WriteDeadLetters.toFile(files.path());
      }
      return WriteDeadLetters.to(
              windowed("deadLetters", files.path(), files.windows()).of(DeadLetterAvro.SCHEMA))
          .withFrame(NO_FRAME)
          .withMaxBytes(Integer.MAX_VALUE);
    }
    Target target = target("deadLetters", to);
    try {
      return WriteDeadLetters.to(target.destination())
          .withMaxBytes(target.maxBytes())
          .withFrame(frame("deadLetters", target.name(), DeadLetterAvro.SCHEMA));
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place("deadLetters"), String.valueOf(e.getMessage()));
    }
  }

  private WriteBigQuery table(SinkSpec.BigQuery to) {
    WriteBigQuery write =
        WriteBigQuery.to(BigQueryTable.named(to.table()))
            .of(spec.pipeline(), plan.featureVersion())
            .withMaxBytes(to.maxRecordBytes());
    return to.create() ? write.creatingTable(to.clusterBy()) : write;
  }

  /** One object is written at the end of a run: too late to hear that it cannot be. */
  private void checkStore(String path, String file) {
    if (file.contains("://")) {
      try {
        FolderProbe.check(file.substring(0, file.lastIndexOf('/') + 1));
      } catch (IllegalArgumentException e) {
        throw new SpecException(spec.place(path + ".files.path"), String.valueOf(e.getMessage()));
      }
    }
  }

  /** A folder that can be written to. */
  private WindowedFiles windowed(String path, String folder, SinkSpec.Windows windows) {
    WindowedFiles files =
        WindowedFiles.in(folder)
            .withWindow(windows.window())
            .withFormat(WrittenFormat.valueOf(windows.format().name()))
            .withShards(windows.shards());
    try {
      files.check();
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path + ".files.path"), String.valueOf(e.getMessage()));
    }
    return files;
  }

  /** A topic that is there, and how large its records may be. */
  private record Target(Destination destination, String name, int maxBytes) {}

  private Target target(String path, SinkSpec to) {
    try {
      if (to instanceof SinkSpec.Pubsub pubsub) {
        return pubsub(pubsub);
      }
      if (to instanceof SinkSpec.Kinesis kinesis) {
        return new Target(Kinesis.write(kinesis), kinesis.stream(), kinesis.maxRecordBytes());
      }
      return kafka(to.asKafka().orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path), String.valueOf(e.getMessage()));
    }
  }

  private Target pubsub(SinkSpec.Pubsub pubsub) {
    PubsubTopic topic = new PubsubTopic(pubsub.path(), PubsubAccess.of(options));
    topic.check();
    return new Target(topic, PubsubTopic.name(pubsub.path()), pubsub.maxRecordBytes());
  }

  private Target kafka(SinkSpec.Kafka kafka) {
    KafkaTopic topic = new KafkaTopic(kafka.bootstrapServers(), kafka.topic(), kafka.settings());
    if (kafka.delivery() == SinkSpec.Delivery.EXACTLY_ONCE) {
      topic = topic.exactlyOnceAs(sinkId(kafka));
    }
    topic.check();
    return new Target(
        topic, kafka.topic(), Math.min(kafka.maxRecordBytes(), topic.largestRecord()));
  }

  private String sinkId(SinkSpec.Kafka kafka) {
    if (spec.events().from().isBounded()) {
      throw new IllegalArgumentException(
          "found delivery exactlyOnce for events of files, expected atLeastOnce: a run that ends makes no checkpoint behind its last event");
    }
    return kafka.sinkId() == null
        ? "millrace-%s-%s".formatted(spec.pipeline(), kafka.topic())
        : kafka.sinkId();
  }

  private byte[] frame(String path, String topic, Schema schema) {
    if (spec.events().format() instanceof FormatSpec.Framed framed && framed.registry() != null) {
      SchemaSource schemas = Schemas.of(framed.registry(), framed.framing());
      if (schemas instanceof ConfluentRegistry registry) {
        try {
          return AvroFrame.confluent(registry.register(topic + "-value", schema));
        } catch (IllegalArgumentException | SchemaSourceUnavailableException e) {
          throw new SpecException(spec.place(path), String.valueOf(e.getMessage()));
        }
      }
    }
    return AvroFrame.singleObject(schema);
  }
}
