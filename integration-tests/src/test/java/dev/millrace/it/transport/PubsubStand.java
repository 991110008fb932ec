package dev.millrace.it.transport;

import dev.millrace.pipelines.services.PubsubEmulator;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.event.AvroFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.IncomingMessage;

/** A project of Google's emulator. */
final class PubsubStand implements Stand {

  private static final Duration IDLE = Duration.ofMillis(100);

  private final PubsubProject project;

  PubsubStand(Path folder) throws IOException {
    project =
        new PubsubProject(PubsubEmulator.start(folder))
            .with("payments", "decisions", "deadletters");
  }

  @Override
  public String from() {
    return "{ pubsub: { subscription: %s } }".formatted(PubsubProject.subscription("payments"));
  }

  @Override
  public String to() {
    return "{ pubsub: { topic: %s } }".formatted(PubsubProject.topic("decisions"));
  }

  @Override
  public String deadLetters() {
    return "{ pubsub: { topic: %s } }".formatted(PubsubProject.topic("deadletters"));
  }

  @Override
  public List<String> options() {
    return List.of(project.options());
  }

  @Override
  public void send(List<Recording.Line> lines) throws IOException {
    project.publish("payments", lines.stream().map(Recording.Line::text).toList(), Map.of());
  }

  @Override
  public void read(Outcome outcome) throws IOException, InterruptedException {
    for (IncomingMessage message : project.drain("decisions", IDLE)) {
      outcome.decision(message.message().getData().toByteArray());
    }
    for (IncomingMessage message : project.drain("deadletters", IDLE)) {
      byte[] value = message.message().getData().toByteArray();
      outcome.letter(DeadLetterAvro.read(value, AvroFrame.lengthOf(value)));
    }
  }

  @Override
  public void close() throws IOException {
    project.close();
  }
}
