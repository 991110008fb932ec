package dev.millrace.it.transport;

import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.event.AvroFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Streams of kinesis-local, of two shards each; payments are put by their customers. */
final class KinesisStand implements Stand {

  private static final Duration IDLE = Duration.ofMillis(100);

  private final KinesisStreams streams;

  KinesisStand(Path folder) throws IOException, InterruptedException {
    streams = new KinesisStreams(folder).with(2, "payments", "decisions", "deadletters");
  }

  @Override
  public String from() {
    return "{ kinesis: { %s } }".formatted(streams.spec("payments"));
  }

  @Override
  public String to() {
    return "{ kinesis: { stream: decisions } }";
  }

  @Override
  public String deadLetters() {
    return "{ kinesis: { stream: deadletters } }";
  }

  @Override
  public void send(List<Recording.Line> lines) {
    streams.put(
        "payments",
        lines.stream().map(line -> KinesisStreams.entry(line.customer(), line.text())).toList());
  }

  @Override
  public void read(Outcome outcome) throws IOException, InterruptedException {
    for (Record record : streams.drain("decisions", IDLE)) {
      outcome.decision(record.data().asByteArray());
    }
    for (Record record : streams.drain("deadletters", IDLE)) {
      byte[] value = record.data().asByteArray();
      outcome.letter(DeadLetterAvro.read(value, AvroFrame.lengthOf(value)));
    }
  }

  @Override
  public void close() {
    streams.close();
  }
}
