package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.AwsAccess;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.ingest.ReadKinesis;
import dev.millrace.transforms.secret.Secret;
import dev.millrace.transforms.transport.KinesisAccess;
import dev.millrace.transforms.transport.KinesisStream;

/** Streams of Kinesis, as a specification has them. */
final class Kinesis {

  private Kinesis() {}

  static ReadKinesis read(SourceSpec.Kinesis from) {
    ReadKinesis read = ReadKinesis.from(stream(from.stream(), from.access())).withPoll(from.poll());
    read = from.from() == SourceSpec.Kinesis.Start.NOW ? read.startingNow() : read;
    return from.consumer() == null ? read : read.withConsumer(from.consumer());
  }

  /** A stream that is there. */
  static KinesisStream write(SinkSpec.Kinesis to) {
    KinesisStream stream = stream(to.stream(), to.access());
    stream.check();
    return stream;
  }

  private static KinesisStream stream(String name, AwsAccess access) {
    AwsAccess.Keys keys = access.keys();
    return new KinesisStream(
        name,
        new KinesisAccess(
            access.region(),
            access.endpoint(),
            keys == null
                ? null
                : new KinesisAccess.Keys(Secret.of(keys.accessKey()), Secret.of(keys.secretKey())),
            access.role()));
  }
}
